/** Spanning tree (IEEE 802.1D, 802.1w, 802.1s). */
import { formatHardwareAddress } from "../../pcap-parser/index.ts";
import type { Line } from "./line.ts";
import { bitNames, namesOf } from "./names.ts";

const CONFIGURATION = 0;
const RAPID = 2;
const TOPOLOGY_CHANGE = 0x80;
const MULTIPLE_VERSION = 3;
const SHORTEST_MULTIPLE = 102;
const ROLES = ["Unknown", "Alternate", "Root", "Designated"];
const FLAGS = [
  [0x01, "Topology change"],
  [0x02, "Proposal"],
  [0x10, "Learn"],
  [0x20, "Forward"],
  [0x40, "Agreement"],
  [0x80, "Topology change ACK"],
] as const;

const protocolName = namesOf({ 0: "802.1d", 2: "802.1w", 3: "802.1s", 4: "802.1aq" }, "Unknown STP protocol (0x%x)");
const messageName = namesOf({ 0: "Config", 2: "Rapid STP", 128: "Topology Change" }, "Unknown BPDU Type (0x%x)");

/** Prints `STP 802.1w, Rapid STP, Flags [Learn, Forward], bridge-id 8001.02:00:00:00:00:01.8001, length 36`. */
export function printStp(line: Line, at: number, length: number): void {
  line.protocol = "stp";
  if (length < 4) return line.invalid();
  if (line.u16(at) !== 0) return line.add(`unknown STP version, length ${length}`);
  const version = line.u8(at + 2);
  line.add(`STP ${protocolName(version)}`);
  const type = line.u8(at + 3);
  if (![0, 2, 3, 4].includes(version)) return;
  line.add(`, ${messageName(type)}`);
  if (type === TOPOLOGY_CHANGE) return;
  if (type !== CONFIGURATION && type !== RAPID) return;
  if (length < 35) return line.invalid();
  if (version >= MULTIPLE_VERSION && type === RAPID) {
    // A bridge that speaks the multiple spanning tree protocol may send rapid messages.
    if (length < SHORTEST_MULTIPLE) return printSingle(line, at, length, type);
    // Version 1 has no more fields. Version 3 states the length of its own fields.
    if (line.u8(at + 35) !== 0) return line.invalid();
    if (length < line.u16(at + 36) + 38) return line.mark();
    return printMultiple(line, at, length);
  }
  printSingle(line, at, length, type);
}

function bridge(line: Line, at: number): string {
  return `${hex4(line.u16(at))}.${formatHardwareAddress(line.slice(at + 2, 6))}`;
}

/** Returns a time, whose unit is a 256th of a second. */
function time(line: Line, at: number): string {
  return `${(line.u16(at) / 256).toFixed(2)}s`;
}

function printSingle(line: Line, at: number, length: number, type: number): void {
  const flags = line.u8(at + 4);
  line.add(`, Flags [${bitNames(FLAGS, flags, "none")}]`);
  line.add(`, bridge-id ${bridge(line, at + 17)}`);
  line.add(
    `.${line
      .u16(at + 25)
      .toString(16)
      .padStart(4, "0")}, length ${length}`,
  );
  if (line.flags.verbose === 0) return;
  line.add(`\n\tmessage-age ${time(line, at + 27)}, max-age ${time(line, at + 29)}`);
  line.add(`, hello-time ${time(line, at + 31)}, forwarding-delay ${time(line, at + 33)}`);
  line.add(`\n\troot-id ${bridge(line, at + 5)}, root-pathcost ${line.u32(at + 13)}`);
  if (type === RAPID) line.add(`, port-role ${ROLES[(flags >> 2) & 3]}`);
}

function printMultiple(line: Line, at: number, length: number): void {
  const flags = line.u8(at + 4);
  line.add(`, CIST Flags [${bitNames(FLAGS, flags, "none")}]`);
  line.add(`, length ${length}`);
  if (line.flags.verbose === 0) return;
  line.add(
    `\n\tport-role ${ROLES[(flags >> 2) & 3]}, CIST root-id ${bridge(line, at + 5)}, CIST ext-pathcost ${line.u32(at + 13)}`,
  );
  line.add(`\n\tCIST regional-root-id ${bridge(line, at + 17)}, CIST port-id ${hex4(line.u16(at + 25))},`);
  line.add(`\n\tmessage-age ${time(line, at + 27)}, max-age ${time(line, at + 29)}`);
  line.add(`, hello-time ${time(line, at + 31)}, forwarding-delay ${time(line, at + 33)}`);
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, "0");
}
