/** BOOTP (RFC 951) and DHCP (RFC 2131). */
import { formatHardwareAddress } from "../../pcap-parser/index.ts";
import { printDhcpOptions } from "./dhcp-options.ts";
import { ipv4At } from "./ip-header.ts";
import type { Line } from "./line.ts";
import { hex } from "./names.ts";
import { addText } from "./text.ts";

const ETHERNET = 1;
const ADDRESSES = [
  [12, "Client-IP"],
  [16, "Your-IP"],
  [20, "Server-IP"],
  [24, "Gateway-IP"],
] as const;
const OPTIONS_OFFSET = 236;

/** Prints text such as `BOOTP/DHCP, Request from 02:00:00:00:00:01, length 300`. */
export function printDhcp(line: Line, at: number, length: number): void {
  line.protocol = "bootp";
  const operation = line.u8(at);
  const name = operation === 1 ? "Request" : operation === 2 ? "Reply" : `unknown (${hex(operation, 2)})`;
  line.add(`BOOTP/DHCP, ${name}`);
  const hardwareType = line.u8(at + 1);
  const hardwareLength = line.u8(at + 2);
  const hasEthernetAddress = hardwareType === ETHERNET && hardwareLength === 6;
  if (hasEthernetAddress && operation === 1) line.add(` from ${formatHardwareAddress(line.slice(at + 28, 6))}`);
  line.add(`, length ${length}`);
  if (line.flags.verbose === 0) return;

  line.need(at, 10);
  if (hardwareType !== ETHERNET) line.add(`, htype ${hardwareType}`);
  if (hardwareLength !== 6) line.add(`, hlen ${hardwareLength}`);
  if (line.u8(at + 3) !== 0) line.add(`, hops ${line.u8(at + 3)}`);
  if (line.u32(at + 4) !== 0) line.add(`, xid ${hex(line.u32(at + 4))}`);
  if (line.u16(at + 8) !== 0) line.add(`, secs ${line.u16(at + 8)}`);
  const flags = line.u16(at + 10);
  line.add(`, Flags [${(flags & 0x8000) === 0 ? "none" : "Broadcast"}]`);
  if (line.flags.verbose > 1) line.add(` (${hex(flags, 4)})`);
  for (const [offset, label] of ADDRESSES) {
    if (line.u32(at + offset) !== 0) line.add(`\n\t  ${label} ${ipv4At(line, at + offset)}`);
  }
  if (hasEthernetAddress) line.add(`\n\t  Client-Ethernet-Address ${formatHardwareAddress(line.slice(at + 28, 6))}`);
  addName(line, "sname", at + 44, 64);
  addName(line, "file", at + 108, 128);
  printDhcpOptions(line, at + OPTIONS_OFFSET, length - OPTIONS_OFFSET);
}

function addName(line: Line, label: string, at: number, length: number): void {
  if (line.u8(at) === 0) return;
  line.add(`\n\t  ${label} "`);
  addText(line, at, length, true);
  line.add('"');
}
