/** Babel (RFC 8966). */
import type { Line } from "./line.ts";

const NAMES = [
  "pad1",
  "padN",
  "ack-req",
  "ack",
  "hello",
  "ihu",
  "router-id",
  "nh",
  "update",
  "route-request",
  "seqno-request",
];
const MORE_NAMES: ReadonlyMap<number, string> = new Map([
  [11, "tspc"],
  [12, "hmac"],
  [13, "reserved"],
  [14, "reserved"],
  [15, "reserved"],
  [16, "mac"],
  [17, "pc"],
]);

/** Prints text such as `babel 2 (24) hello ihu`. */
export function printBabel(line: Line, at: number, length: number): void {
  line.protocol = "babel";
  line.add("babel");
  line.need(at, 4);
  if (line.u8(at) !== 42) {
    return line.add(" invalid header");
  }
  if (length < 4) return line.invalid();
  line.add(` ${line.u8(at + 1)}`);
  if (line.u8(at + 1) !== 2) return line.add(" unknown version");
  const bodyLength = line.u16(at + 2);
  line.add(` (${bodyLength})`);
  const end = at + 4 + bodyLength;
  if (end > at + length) return line.invalid();
  printValues(line, at + 4, end);
  // The authentication of the packet (RFC 8967) stands behind its body.
  if (end === at + length) return;
  line.add(" |");
  printValues(line, end, at + length);
}

function printValues(line: Line, start: number, end: number): void {
  let place = start;
  while (place < end) {
    const type = line.u8(place);
    if (type === 0) {
      line.add(" pad1");
      place += 1;
      continue;
    }
    const size = line.u8(place + 1);
    if (place + 2 + size > end) return line.invalid();
    line.need(place, 2 + size);
    line.add(` ${nameOf(line, type, place)}`);
    place += 2 + size;
  }
}

function nameOf(line: Line, type: number, at: number): string {
  if (type !== 8) return NAMES[type] ?? MORE_NAMES.get(type) ?? "unknown";
  const flags = line.u8(at + 3);
  const prefix = (flags & 0x80) === 0 ? "" : "/prefix";
  const identity = (flags & 0x40) === 0 ? "" : "/id";
  return `update${prefix}${identity}`;
}
