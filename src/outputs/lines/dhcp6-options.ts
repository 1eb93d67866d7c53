/** The options of DHCPv6 (RFC 8415), which -v shows. */
import { formatHex } from "../../pcap-parser/index.ts";
import { ipv6At } from "./ip-header.ts";
import { readLabels } from "./labels.ts";
import type { Line } from "./line.ts";
import { namesOf } from "./names.ts";
import { addText } from "./text.ts";

/** The most levels of options within options that are printed. */
const DEEPEST = 8;

export const dhcp6OptionName = namesOf(
  {
    1: "client-ID",
    2: "server-ID",
    3: "IA_NA",
    4: "IA_TA",
    5: "IA_ADDR",
    6: "option-request",
    7: "preference",
    8: "elapsed-time",
    9: "relay-message",
    11: "authentication",
    12: "server-unicast",
    13: "status-code",
    14: "rapid-commit",
    15: "user-class",
    16: "vendor-class",
    17: "vendor-specific-info",
    18: "interface-ID",
    19: "reconfigure-message",
    20: "reconfigure-accept",
    21: "SIP-servers-domain",
    22: "SIP-servers-address",
    23: "DNS-server",
    24: "DNS-search-list",
    25: "IA_PD",
    26: "IA_PD-prefix",
    27: "NIS-server",
    28: "NIS+-server",
    29: "NIS-domain-name",
    30: "NIS+-domain-name",
    31: "SNTP-servers",
    32: "lifetime",
    33: "BCMCS-domain-name",
    34: "BCMCS-server",
    36: "Geoconf-Civic",
    37: "Remote-ID",
    38: "Subscriber-ID",
    39: "Client-FQDN",
    40: "PANA-agent",
    41: "POSIX-timezone",
    42: "POSIX-tz-database",
    43: "Echo-request-option",
    44: "Lease-query",
    45: "LQ-client-data",
    46: "Clt-time",
    47: "LQ-relay-data",
    48: "LQ-client-link",
    56: "NTP-server",
    64: "AFTR-Name",
    112: "MUD-URL",
  },
  "opt_%d",
);

const STATUS = ["Success", "UnspecFail", "NoAddrsAvail", "NoBinding", "NotOnLink", "UseMulticast", "NoPrefixAvail"];

/** How deep options lie within others, and the printer of a message that a relay passes on. */
export interface Dhcp6Nesting {
  readonly depth: number;
  readonly printMessage: (line: Line, at: number, length: number, depth: number) => void;
}

/** Prints each option in a parenthesis: ` (elapsed-time 0)`. */
export function printDhcp6Options(line: Line, start: number, length: number, nesting: Dhcp6Nesting): void {
  let at = start;
  while (at + 4 <= start + length) {
    const kind = line.u16(at);
    const size = line.u16(at + 2);
    if (at + 4 + size > start + length) line.cut();
    line.add(` (${dhcp6OptionName(kind)}`);
    line.need(at + 4, size);
    printOption(line, kind, at + 4, size, nesting);
    line.add(")");
    at += 4 + size;
  }
}

function printOption(line: Line, kind: number, at: number, size: number, nesting: Dhcp6Nesting): void {
  switch (kind) {
    case 1:
    case 2:
      return printIdentifier(line, at, size);
    case 3:
    case 25:
      if (size < 12) return line.add(" ?");
      line.add(` IAID:${line.u32(at)} T1:${line.u32(at + 4)} T2:${line.u32(at + 8)}`);
      return nested(line, at + 12, size - 12, nesting);
    case 4:
      if (size < 4) return line.add(" ?");
      line.add(` IAID:${line.u32(at)}`);
      return nested(line, at + 4, size - 4, nesting);
    case 5:
      if (size < 24) return line.add(" ?");
      line.add(` ${ipv6At(line, at)} pltime:${line.u32(at + 16)} vltime:${line.u32(at + 20)}`);
      return nested(line, at + 24, size - 24, nesting);
    case 26:
      if (size < 25) return line.add(" ?");
      line.add(` ${ipv6At(line, at + 9)}/${line.u8(at + 8)} pltime:${line.u32(at)} vltime:${line.u32(at + 4)}`);
      return nested(line, at + 25, size - 25, nesting);
    case 6:
      for (let place = at; place + 2 <= at + size; place += 2) line.add(` ${dhcp6OptionName(line.u16(place))}`);
      return;
    case 7:
      return line.add(` ${line.u8(at)}`);
    case 8:
      return line.add(size === 2 ? ` ${line.u16(at)}` : " ?");
    case 13:
      return line.add(size < 2 ? " ?" : ` ${STATUS[line.u16(at)] ?? `code${line.u16(at)}`}`);
    case 14:
    case 20:
      return;
    case 9:
      line.add(" (");
      if (nesting.depth < DEEPEST) nesting.printMessage(line, at, size, nesting.depth + 1);
      return;
    case 12:
    case 22:
    case 23:
    case 27:
    case 28:
    case 31:
    case 34:
    case 40:
      for (let place = at; place + 16 <= at + size; place += 16) line.add(` ${ipv6At(line, place)}`);
      return;
    case 18:
    case 38:
      return line.add(` ${formatHex(line.slice(at, Math.min(size, 10)))}...`);
    case 32:
      return line.add(size === 4 ? ` ${line.u32(at)}` : " ?");
    case 41:
    case 42:
    case 112:
      if (size < 3) return line.add(" ?");
      line.add(" ");
      return addText(line, at, size, true);
    case 21:
    case 24:
      for (let place = at; place < at + size; ) {
        const name = readLabels(line, place, at + size);
        line.add(` ${name.text}`);
        place = name.next;
      }
      return;
    case 64:
      return line.add(` ${readLabels(line, at, at + size).text.replace(/(?<=.)\.$/, "")}`);
    default:
      return;
  }
}

function nested(line: Line, at: number, size: number, nesting: Dhcp6Nesting): void {
  const { depth } = nesting;
  if (size > 0 && depth < DEEPEST) printDhcp6Options(line, at, size, { ...nesting, depth: depth + 1 });
}

function printIdentifier(line: Line, at: number, size: number): void {
  if (size < 2) return line.add(" ?");
  const bytes = (from: number) => formatHex(line.slice(at + from, size - from));
  switch (line.u16(at)) {
    case 1:
      if (size < 8) return line.add(" ?");
      return line.add(` hwaddr/time type ${line.u16(at + 2)} time ${line.u32(at + 4)} ${bytes(8)}`);
    case 2:
      if (size < 6) return line.add(" ?");
      return line.add(` vid ${formatHex(line.slice(at + 2, Math.min(8, size - 2)))}`);
    case 3:
      if (size < 4) return line.add(" ?");
      return line.add(` hwaddr type ${line.u16(at + 2)} ${bytes(4)}`);
    case 4:
      return line.add(` uuid ${bytes(2)}`);
    default:
      return line.add(` type ${line.u16(at)}`);
  }
}
