/** LLDP (IEEE 802.1AB). */
import { formatHardwareAddress, formatHex } from "../../pcap-parser/index.ts";
import { ipv4At, ipv6At } from "./ip-header.ts";
import type { Line } from "./line.ts";
import { bitNames, hex, namesOf } from "./names.ts";
import { caretText } from "./text.ts";

const END = 0;
const SYSTEM_NAME = 5;
/** The most values for which a frame has room. */
const MOST_VALUES = 512;

const typeName = namesOf(
  {
    0: "End",
    1: "Chassis ID",
    2: "Port ID",
    3: "Time to Live",
    4: "Port Description",
    5: "System Name",
    6: "System Description",
    7: "System Capabilities",
    8: "Management Address",
    127: "Organization specific",
  },
  "Unknown",
);
const chassisKind = namesOf(
  {
    1: "Chassis component",
    2: "Interface alias",
    3: "Port component",
    4: "MAC address",
    5: "Network address",
    6: "Interface name",
    7: "Local",
  },
  "none",
);
const portKind = namesOf(
  {
    1: "Interface alias",
    2: "Port component",
    3: "MAC address",
    4: "Network address",
    5: "Interface Name",
    6: "Agent circuit ID",
    7: "Local",
  },
  "none",
);
const CAPABILITIES = [
  [0x01, "Other"],
  [0x02, "Repeater"],
  [0x04, "Bridge"],
  [0x08, "WLAN AP"],
  [0x10, "Router"],
  [0x20, "Telephone"],
  [0x40, "Docsis"],
  [0x80, "Station Only"],
] as const;

/** Prints text such as `LLDP, length 282: switch.example`. */
export function printLldp(line: Line, at: number, length: number): void {
  line.protocol = "lldp";
  line.add(`LLDP, length ${length}`);
  let place = at;
  const end = at + length;
  for (let count = 0; place + 2 <= end && count < MOST_VALUES; count++) {
    const header = line.u16(place);
    const type = header >> 9;
    const size = header & 0x1ff;
    place += 2;
    if (line.flags.verbose > 0) line.add(`\n\t${typeName(type)} TLV (${type}), length ${size}`);
    line.need(place, size);
    if (place + size > end) return line.mark();
    if (line.flags.verbose > 0) printValue(line, type, place, size);
    else if (type === SYSTEM_NAME) line.add(`: ${caretText(line.slice(place, size))}`);
    if (type === END) return;
    place += size;
  }
}

function printValue(line: Line, type: number, at: number, size: number): void {
  switch (type) {
    case 1:
    case 2: {
      if (size < 2) return line.mark();
      const kind = line.u8(at);
      line.add(`\n\t  Subtype ${(type === 1 ? chassisKind : portKind)(kind)} (${kind}): `);
      return line.add(identifierText(line, type === 1 ? kind : kind + 1, at + 1, size - 1));
    }
    case 3:
      return line.add(size < 2 ? "" : `: TTL ${line.u16(at)}s`);
    case 4:
    case 5:
      return line.add(`: ${caretText(line.slice(at, size))}`);
    case 6:
      return line.add(`\n\t  ${caretText(line.slice(at, size))}`);
    case 7:
      if (size < 4) return line.mark();
      line.add(
        `\n\t  System  Capabilities [${bitNames(CAPABILITIES, line.u16(at), "none")}] (${hex(line.u16(at), 4)})`,
      );
      return line.add(
        `\n\t  Enabled Capabilities [${bitNames(CAPABILITIES, line.u16(at + 2), "none")}] (${hex(line.u16(at + 2), 4)})`,
      );
    case 127:
      if (size < 4) return line.mark();
      line.add(`: OUI ${organisation(line.u24(at))} (${hex(line.u24(at), 6)})`);
      return;
    case END:
      return;
    default:
      return line.add(`: ${formatHex(line.slice(at, size))}`);
  }
}

/**
 * Returns the text of an identifier by the kind of a chassis. The kinds of a port are the same with numbers that are
 * less by one.
 */
function identifierText(line: Line, kind: number, at: number, size: number): string {
  if (kind === 4 && size === 6) return formatHardwareAddress(line.slice(at, 6));
  if (kind === 5 && size === 5 && line.u8(at) === 1) return `AFI IPv4 (1): ${ipv4At(line, at + 1)}`;
  if (kind === 5 && size === 17 && line.u8(at) === 2) return `AFI IPv6 (2): ${ipv6At(line, at + 1)}`;
  return caretText(line.slice(at, size));
}

const organisation = namesOf(
  { 0: "Ethernet", 32962: "Ethernet bridged", 4623: "IEEE 802.3 Private", 4795: "ANSI/TIA" },
  "Unknown",
);
