/** Slow protocols (IEEE 802.3, annex 57A): LACP and the marker protocol. */
import type { Line } from "./line.ts";
import { namesOf } from "./names.ts";

const subtypeName = namesOf({ 1: "LACP", 2: "MARKER", 3: "OAM", 10: "OSSP" }, "unknown (%d)");

/** Prints text such as `LACPv1, length 110`. */
export function printSlow(line: Line, at: number, length: number): void {
  line.protocol = "slow";
  if (length < 1) return line.mark();
  const subtype = line.u8(at);
  if (subtype === 1 || subtype === 2) {
    if (length < 2) return line.mark();
    const version = line.u8(at + 1);
    if (version !== 1) return line.add(`${subtypeName(subtype)} version ${version} packet not supported`);
    line.add(`${subtypeName(subtype)}v${version}, length ${length}`);
    return;
  }
  line.add(`${subtypeName(subtype)}, length ${length}`);
}
