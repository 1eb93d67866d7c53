/** PPP (RFC 1661, 1662) and Cisco's HDLC. */

import { printCdp } from "./cdp.ts";
import { etherTypeName } from "./ether-type-names.ts";
import { printBytes } from "./hex-dump.ts";
import { ipv4At } from "./ip-header.ts";
import { printIpv4 } from "./ipv4.ts";
import { printIpv6 } from "./ipv6.ts";
import type { Line, Printer } from "./line.ts";
import { printMpls } from "./mpls.ts";
import { hex, namesOf } from "./names.ts";
import { printControlProtocol } from "./ppp-control.ts";

const protocolName = namesOf(
  {
    33: "IP",
    87: "IP6",
    43: "IPX",
    253: "Compressed datagram",
    641: "MPLS",
    643: "MPLS",
    32801: "IPCP",
    32855: "IP6CP",
    33021: "CCP",
    49185: "LCP",
    49187: "PAP",
    49189: "LQR",
    49699: "CHAP",
  },
  "unknown",
);

const CARRIED: ReadonlyMap<number, Printer> = new Map<number, Printer>([
  [0x0021, printIpv4],
  [0x0800, printIpv4],
  [0x0057, printIpv6],
  [0x86dd, printIpv6],
  [0x0281, printMpls],
  [0x0283, printMpls],
  [0xc021, printControlProtocol("LCP")],
  [0x8021, printControlProtocol("IPCP")],
  [0x8057, printControlProtocol("IP6CP")],
  [0x80fd, printControlProtocol("CCP")],
  [0xc023, printControlProtocol("PAP")],
  [0xc223, printControlProtocol("CHAP")],
]);

/**
 * Prints PPP. Address and control may be left out, and the protocol field behind them may be compressed to one byte.
 */
export function printPpp(line: Line, at: number, length: number): void {
  line.protocol = "ppp";
  if (length < 2) return line.mark();
  let place = at;
  if (line.u16(at) === 0xff03) place += 2;
  const isShort = (line.u8(place) & 1) !== 0;
  const protocol = isShort ? line.u8(place) : line.u16(place);
  place += isShort ? 1 : 2;
  const left = length - (place - at);
  if (line.flags.linkHeader) line.add(`${protocolText(protocol)}, length ${length}: `);
  printCarried(line, protocol, place, left);
}

function protocolText(protocol: number): string {
  return `${protocolName(protocol)} (${hex(protocol, 4)})`;
}

function printCarried(line: Line, protocol: number, at: number, length: number): void {
  const printer = CARRIED.get(protocol);
  if (printer !== undefined) return line.enter(printer, at, length);
  line.add(`${protocolName(protocol)} PPP protocol (${hex(protocol, 4)}) `);
  printBytes(line, at, length);
}

/** Prints PPP in HDLC-like framing, or Cisco's HDLC. The first byte tells which of them it is. */
export function printPppSerial(line: Line, at: number, length: number): void {
  line.protocol = "ppp";
  if (length < 4) return line.mark();
  const address = line.u8(at);
  if (address === 0x0f || address === 0x8f) {
    if (line.flags.linkHeader) line.add(`${hex(address, 2)} ${hex(line.u8(at + 1), 2)} ${length} `);
    return printCiscoHdlc(line, at, length);
  }
  if (address === 0xff) {
    if (line.flags.linkHeader) line.add(`${hex(address, 2)} ${hex(line.u8(at + 1), 2)} ${length} `);
    const protocol = line.u16(at + 2);
    line.add(`${protocolName(protocol)}: `);
    return printCarried(line, protocol, at + 4, length - 4);
  }
  if (line.flags.linkHeader) line.add(`${hex(address, 2)} ${length} `);
  printCarried(line, line.u16(at + 2), at + 4, length - 4);
}

const SLARP = 0x8035;
const CISCO_CDP = 0x2000;

export function printCiscoHdlc(line: Line, at: number, length: number): void {
  line.protocol = "chdlc";
  if (length < 4) return line.mark();
  line.need(at, 4);
  const type = line.u16(at + 2);
  if (line.flags.linkHeader) {
    const cast = line.u8(at) === 0x0f ? "unicast" : line.u8(at) === 0x8f ? "bcast" : `${hex(line.u8(at))}`;
    const name = type === SLARP ? "Reverse ARP" : (etherTypeName(type) ?? "Unknown");
    line.add(`${cast}, ethertype ${name} (${hex(type, 4)}), length ${length}: `);
  }
  if (type === SLARP) return printSlarp(line, at + 4, length - 4);
  if (type === CISCO_CDP) return line.enter(printCdp, at + 4, length - 4);
  if (line.inner.etherType(line, type, at + 4, length - 4)) return;
  if (!line.flags.linkHeader) line.add(`unknown CHDLC protocol (${hex(type, 4)})`);
}

/** Prints Cisco's serial line address resolution. */
function printSlarp(line: Line, at: number, length: number): void {
  line.protocol = "slarp";
  if (length < 14) return line.mark();
  line.need(at, 14);
  const code = line.u32(at);
  line.add(`SLARP (length: ${length}), `);
  switch (code) {
    case 0:
      return line.add("request");
    case 1:
      return line.add(`reply ${ipv4At(line, at + 4)}/${ipv4At(line, at + 8)}`);
    case 2:
      line.add(`keepalive: mineseen=${hex(line.u32(at + 4), 8)}, yourseen=${hex(line.u32(at + 8), 8)}`);
      line.add(`, reliability=${hex(line.u16(at + 12), 4)}`);
      if (length < 18) return;
      line.add(`, link uptime=${uptime(Math.floor(line.u32(at + 14) / 1000))}`);
      if (line.flags.verbose > 0 && length > 18) line.add(`, (trailing junk: ${length - 18} bytes)`);
      return;
    default:
      return line.add(`${hex(code, 2)} unknown`);
  }
}

function uptime(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  return `${Math.floor(hours / 24)}d${hours % 24}h${Math.floor(seconds / 60) % 60}m${seconds % 60}s`;
}
