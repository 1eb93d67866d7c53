/** ATA over Ethernet. */
import type { Line } from "./line.ts";
import { bitNames } from "./names.ts";

const FLAGS = [
  [0x08, "Response"],
  [0x04, "Error"],
  [0x02, "MBZ-1"],
  [0x01, "MBZ-0"],
] as const;

/** Prints text such as `AoE length 18, Ver 1, Flags: [none]`. */
export function printAoe(line: Line, at: number, length: number): void {
  line.protocol = "aoe";
  line.add(`AoE length ${length}`);
  if (length < 1) return line.invalid();
  const first = line.u8(at);
  line.add(`, Ver ${first >> 4}`);
  if (first >> 4 !== 1) return;
  line.add(`, Flags: [${bitNames(FLAGS, first & 0xf, "none")}]`);
}
