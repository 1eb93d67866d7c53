/** Bidirectional forwarding detection (RFC 5880, 5881, 5883, 7130). */
import type { Line } from "./line.ts";
import { bitNames, hex, namesOf } from "./names.ts";

const STATES = ["AdminDown", "Down", "Init", "Up"];
const FLAGS = [
  [0x20, "Poll"],
  [0x10, "Final"],
  [0x08, "Control Plane Independent"],
  [0x04, "Authentication Present"],
  [0x02, "Demand"],
  [0x01, "Multipoint"],
] as const;
const KINDS: ReadonlyMap<number, string> = new Map([
  [3784, "Control"],
  [4784, "Multihop"],
  [6784, "Lag"],
]);

/** Prints text such as `BFDv1, Control, State Up, Flags: [none], length: 24`. */
export function printBfd(line: Line, at: number, length: number): void {
  line.protocol = "bfd";
  // The destination port stands six bytes before the payload, because the UDP header has eight bytes.
  const port = line.u16(at - 6);
  const kind = KINDS.get(port);
  if (port === 3785 || kind === undefined) return line.add(`BFD, Echo, length: ${length}`);
  const version = line.u8(at) >> 5;
  line.need(at, 24);
  const bits = line.u8(at + 1);
  const state = version === 0 ? "" : `State ${STATES[bits >> 6]}, `;
  const flags = `${kind}, ${state}Flags: [${bitNames(FLAGS, bits & 0x3f, "none")}]`;
  if (line.flags.verbose === 0) return line.add(`BFDv${version}, ${flags}, length: ${length}`);
  line.add(`BFDv${version}, length: ${length}\n\t${flags}`);
  const diagnostic = line.u8(at) & 0x1f;
  line.add(`, Diagnostic: ${diagnosticName(diagnostic)} (0x${diagnostic.toString(16).padStart(2, "0")})`);
  const multiplier = line.u8(at + 2);
  const interval = line.u32(at + 12);
  line.add(`\n\tDetection Timer Multiplier: ${multiplier} (${(multiplier * interval) / 1000} ms Detection time)`);
  line.add(`, BFD Length: ${line.u8(at + 3)}`);
  line.add(`\n\tMy Discriminator: ${hex(line.u32(at + 4), 8)}, Your Discriminator: ${hex(line.u32(at + 8), 8)}`);
  line.add(`\n\t  Desired min Tx Interval:    ${String(interval / 1000).padStart(4)} ms`);
  line.add(`\n\t  Required min Rx Interval:   ${String(line.u32(at + 16) / 1000).padStart(4)} ms`);
  line.add(`\n\t  Required min Echo Interval: ${String(line.u32(at + 20) / 1000).padStart(4)} ms`);
}

const diagnosticName = namesOf(
  {
    0: "No Diagnostic",
    1: "Control Detection Time Expired",
    2: "Echo Function Failed",
    3: "Neighbor Signaled Session Down",
    4: "Forwarding Plane Reset",
    5: "Path Down",
    6: "Concatenated Path Down",
    7: "Administratively Down",
    8: "Reverse Concatenated Path Down",
  },
  "Reserved",
);
