/** Bidirectional forwarding detection (RFC 5880, 5881, 5883, 7130). */
import type { Line } from "./line.ts";
import { bitNames } from "./names.ts";

const STATES = ["AdminDown", "Down", "Init", "Up"];
const FLAGS = [
  [0x20, "Poll"],
  [0x10, "Final"],
  [0x08, "Control Plane Independent"],
  [0x04, "Authentication Present"],
  [0x02, "Demand"],
  [0x01, "Reserved"],
] as const;
const KINDS: ReadonlyMap<number, string> = new Map([
  [3784, "Control"],
  [4784, "Multihop"],
  [6784, "Lag"],
]);

/** `BFDv1, Control, State Up, Flags: [none], length: 24` */
export function printBfd(line: Line, at: number, length: number): void {
  line.protocol = "bfd";
  // The port stands four bytes into the UDP header, six before the payload.
  const port = line.u16(at - 6);
  const source = line.u16(at - 8);
  const kind = KINDS.get(port) ?? KINDS.get(source);
  if (port === 3785 || kind === undefined) return line.add(`BFD, Echo, length: ${length}`);
  const version = line.u8(at) >> 5;
  if (version !== 1) {
    line.add(`BFDv${version}, Control, length: ${length}`);
    return;
  }
  line.need(at, 24);
  const state = STATES[line.u8(at + 1) >> 6];
  line.add(
    `BFDv1, ${kind}, State ${state}, Flags: [${bitNames(FLAGS, line.u8(at + 1) & 0x3f, "none")}], length: ${length}`,
  );
}
