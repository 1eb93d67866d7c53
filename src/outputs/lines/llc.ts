/** IEEE 802.2 logical link control, and SNAP. */
import { printCdp } from "./cdp.ts";
import { etherTypeText } from "./ether-type-names.ts";
import { printIpv4 } from "./ipv4.ts";
import type { Line, Printer } from "./line.ts";
import { hex, namesOf } from "./names.ts";
import { printStp } from "./stp.ts";

const SNAP_HEADER_LENGTH = 5;
const CISCO = 0x0c;
const RFC2684 = 0x0080c2;
const SAP_SNAP = 0xaa;
const UNNUMBERED_INFORMATION = 3;

const accessPointName = namesOf(
  {
    0: "Null",
    2: "802.1B I",
    3: "802.1B G",
    4: "SNA",
    6: "IP",
    66: "STP",
    170: "SNAP",
    224: "IPX",
    240: "NetBeui",
    254: "OSI",
  },
  "Unknown",
);
const commandName = namesOf(
  { 3: "ui", 227: "test", 175: "xid", 111: "sabme", 67: "disc", 99: "ua", 135: "frmr", 15: "dm" },
  "%x",
);
const organisationName = namesOf(
  { 0: "Ethernet", 12: "Cisco", 15: "Ethernet bridged", 248: "Cisco bridged", 524295: "Appletalk", 32962: "RFC2684" },
  "Unknown",
);
const ciscoProtocolName = namesOf(
  { 8192: "CDP", 8195: "VTP", 8196: "DTP", 273: "UDLD", 267: "PVST", 268: "VLAN Bridge" },
  "Unknown",
);

const UNNUMBERED_FLAGS = ["Command", "Response", "Poll", "Final"];
const NUMBERED_FLAGS = ["Command", "Response", "Poll", "Final"];
const SUPERVISORY = ["Receiver Ready", "Receiver not Ready", "Reject", "?"];

/** Prints Cisco's dynamic trunking protocol. */
function printTrunking(line: Line, at: number, length: number): void {
  line.protocol = "dtp";
  if (length < 1) return line.mark();
  line.add(`DTPv${line.u8(at)}, length ${length}`);
}

const BY_ACCESS_POINT: ReadonlyMap<number, Printer> = new Map<number, Printer>([
  [0x42, printStp],
  [0x06, printIpv4],
]);

const BY_CISCO_PROTOCOL: ReadonlyMap<number, Printer> = new Map<number, Printer>([
  [0x2000, printCdp],
  [0x2004, printTrunking],
  [0x010b, printStp],
  [0x010c, printStp],
]);

/**
 * Prints an LLC header and what it carries.
 *
 * @param addresses `source > destination` of the frame, or "" where it has none
 * @returns whether there is a printer for what the header carries
 */
export function printLlc(line: Line, at: number, length: number, addresses: string): boolean {
  line.protocol = "llc";
  if (!line.has(at, 3) || length < 3) {
    line.mark();
    return false;
  }
  const destination = line.u8(at);
  const source = line.u8(at + 1);
  const isUnnumbered = (line.u8(at + 2) & 3) === 3;
  const headerLength = isUnnumbered ? 3 : 4;
  if (!line.has(at, headerLength) || length < headerLength) {
    line.mark();
    return false;
  }
  const control = isUnnumbered ? line.u8(at + 2) : line.u16le(at + 2);
  const from = source & 0xfe;
  const to = destination & 0xfe;
  if (line.flags.linkHeader) {
    line.add(`LLC, dsap ${sapText(to)} ${(destination & 1) === 0 ? "Individual" : "Group"}, `);
    line.add(`ssap ${sapText(from)} ${(source & 1) === 0 ? "Command" : "Response"}, `);
    line.add(`ctrl ${hex(control, isUnnumbered ? 2 : 4)}: `);
  }
  const next = at + headerLength;
  const rest = length - headerLength;
  if (from === to && control === UNNUMBERED_INFORMATION && isUnnumbered) {
    if (from === SAP_SNAP) return printSnap(line, next, rest, addresses);
    const printer = BY_ACCESS_POINT.get(from);
    if (printer !== undefined) {
      line.enter(printer, next, rest);
      return true;
    }
  }
  if (!line.flags.linkHeader) line.add(pointsText(from, to, addresses));
  const flags = (source & 1) | ((isUnnumbered ? control & 0x10 : control & 0x100) === 0 ? 0 : 2);
  if (isUnnumbered) {
    line.add(`Unnumbered, ${commandName(control & 0xef)}, Flags [${UNNUMBERED_FLAGS[flags]}], length ${length}`);
    if ((control & 0xef) === 0xaf && rest >= 3 && line.u8(next) === 0x81) {
      line.add(`: ${byteText(line.u8(next + 1))} ${byteText(line.u8(next + 2))}`);
    }
    return (control & 0xef) === 0xaf;
  }
  const receive = control >> 9;
  if ((control & 3) === 1) {
    line.add(`Supervisory, ${SUPERVISORY[(control >> 2) & 3]}, rcv seq ${receive}, `);
  } else {
    line.add(`Information, send seq ${(control >> 1) & 0x7f}, rcv seq ${receive}, `);
  }
  line.add(`Flags [${NUMBERED_FLAGS[flags]}], length ${length}`);
  return (control & 3) === 1;
}

function byteText(value: number): string {
  return value.toString(16).padStart(2, "0");
}

function sapText(point: number): string {
  return `${accessPointName(point)} (${hex(point, 2)})`;
}

function pointsText(from: number, to: number, addresses: string): string {
  const name = (point: number, kind: string) => {
    const known = accessPointName(point);
    return known === "Unknown" ? `Unknown ${kind} ${hex(point, 2)}` : known;
  };
  if (from === to) return addresses === "" ? `${name(to, "DSAP")} ` : `${addresses} ${name(to, "DSAP")} `;
  const [source = "", destination = ""] = addresses.split(" > ");
  if (addresses === "") return `${name(from, "SSAP")} > ${name(to, "DSAP")} `;
  return `${source} ${name(from, "SSAP")} > ${destination} ${name(to, "DSAP")} `;
}

/** Prints a SNAP header and what it carries. @returns whether there is a printer for it */
export function printSnap(line: Line, at: number, length: number, addresses: string): boolean {
  line.protocol = "snap";
  if (length < SNAP_HEADER_LENGTH) {
    line.mark();
    return true;
  }
  line.need(at, SNAP_HEADER_LENGTH);
  const organisation = line.u24(at);
  const type = line.u16(at + 3);
  const next = at + SNAP_HEADER_LENGTH;
  const rest = length - SNAP_HEADER_LENGTH;
  if (line.flags.linkHeader) line.add(snapText(organisation, type, rest));
  if (organisation === 0 || organisation === 0xf8) {
    if (line.inner.etherType(line, type, next, rest)) return true;
  } else if (organisation === RFC2684 && type === 0x0e) {
    line.enter(printStp, next, rest);
    return true;
  } else if (organisation === CISCO) {
    const printer = BY_CISCO_PROTOCOL.get(type);
    if (printer !== undefined) {
      line.enter(printer, next, rest);
      return true;
    }
  }
  if (!line.flags.linkHeader) {
    line.add(`${addresses === "" ? "SNAP, " : `${addresses} SNAP, `}${snapText(organisation, type, rest)}`);
  }
  return false;
}

function snapText(organisation: number, type: number, rest: number): string {
  const isEthernet = organisation === 0;
  const text = isEthernet
    ? `ethertype ${etherTypeText(type)}`
    : `pid ${organisation === 0x0c ? ciscoProtocolName(type) : "Unknown"} (${hex(type, 4)})`;
  return `oui ${organisationName(organisation)} (${hex(organisation, 6)}), ${text}, length ${rest}: `;
}
