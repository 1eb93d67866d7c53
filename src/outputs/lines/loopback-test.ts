/** Ethernet's configuration test protocol (Ethernet version 2.0, section 8). */
import { formatHardwareAddress } from "../../pcap-parser/index.ts";
import type { Line } from "./line.ts";

const REPLY = 1;
const FORWARD = 2;

/** Prints text such as `Loopback, skipCount 8, Reply, receipt number 1, data (40 octets)`. */
export function printLoopbackTest(line: Line, at: number, length: number): void {
  line.protocol = "loopback";
  line.add("Loopback");
  if (length < 2) return line.invalid();
  const skip = line.u16le(at);
  line.add(`, skipCount ${skip}`);
  if (skip % 8 !== 0) line.add(" (bogus)");
  if (skip > length - 2) return line.invalid();
  const place = at + 2 + skip;
  const left = length - 2 - skip;
  if (left < 2) return line.invalid();
  const operation = line.u16le(place);
  line.add(`, ${operation === REPLY ? "Reply" : operation === FORWARD ? "Forward Data" : "unknown"}`);
  if (operation === REPLY) {
    if (left < 4) return line.invalid();
    line.add(`, receipt number ${line.u16le(place + 2)}`);
    addRest(line, left - 4);
  } else if (operation === FORWARD) {
    if (left < 8) return line.invalid();
    line.add(`, forwarding address ${formatHardwareAddress(line.slice(place + 2, 6))}`);
    addRest(line, left - 8);
  }
}

function addRest(line: Line, length: number): void {
  if (length > 0) line.add(`, data (${length} octets)`);
}
