/** ICMPv6 (RFC 4443), neighbour discovery (RFC 4861) and multicast listener discovery (RFC 2710, 3810). */
import { rightChecksum, sumWithPseudoHeader } from "./checksum.ts";
import { hexRows } from "./hex-dump.ts";
import { printListener, printListenerQuery2, printListenerReport2 } from "./icmp6-listener.ts";
import { printNodeInformation, printRenumbering } from "./icmp6-more.ts";
import { printIcmp6Options } from "./icmp6-options.ts";
import type { IpHeader } from "./ip-fields.ts";
import { ipv6At } from "./ip-header.ts";
import type { Line } from "./line.ts";
import { hex, namesOf } from "./names.ts";

const IP_PROTOCOL_ICMP6 = 58;
const FIRST_OF_DISCOVERY = 133;
const LAST_OF_DISCOVERY = 137;

const typeName = namesOf(
  {
    1: "destination unreachable",
    2: "packet too big",
    3: "time exceeded in-transit",
    4: "parameter problem",
    128: "echo request",
    129: "echo reply",
    130: "multicast listener query",
    131: "multicast listener report",
    132: "multicast listener done",
    133: "router solicitation",
    134: "router advertisement",
    135: "neighbor solicitation",
    136: "neighbor advertisement",
    137: "redirect",
    138: "router renumbering",
    139: "who-are-you request",
    140: "who-are-you reply",
    141: "inverse neighbor solicitation",
    142: "inverse neighbor advertisement",
    143: "multicast listener report v2",
    144: "ha discovery request",
    145: "ha discovery reply",
    146: "mobile router solicitation",
    147: "mobile router advertisement",
    155: "RPL Control",
  },
  "unknown icmp6 type (%d)",
);

const PARAMETER_PROBLEMS = ["erroneous", "next header", "option", "incomplete header chain"];

/** Prints text such as `ICMP6, neighbor solicitation, who has fe80::1, length 32`. */
export function printIcmp6(line: Line, at: number, length: number, header: IpHeader): void {
  line.protocol = "icmp6";
  line.need(at, 4);
  if (header.version === 4) {
    line.add("[ICMPv6 requires IPv6]");
    return line.invalid();
  }
  const { verbose } = line.flags;
  if (verbose > 0 && !header.isFragment && !line.flags.uncheckedSums && line.has(at, length)) {
    const found = line.u16(at + 2);
    const sum = sumWithPseudoHeader(line, header, IP_PROTOCOL_ICMP6, at, length);
    if (sum === 0xffff) line.add("[icmp6 sum ok] ");
    else line.add(`[bad icmp6 cksum ${hex(found, 4)} -> ${hex(rightChecksum(found, sum), 4)}!] `);
  }
  const type = line.u8(at);
  line.add(`ICMP6, ${typeName(type)}`);
  const isDiscovery = type >= FIRST_OF_DISCOVERY && type <= LAST_OF_DISCOVERY;
  if (verbose > 0 && isDiscovery) line.add(`, length ${length}`);
  const options = printDetails(line, at, length, type, line.u8(at + 1));
  if (verbose === 0 || !isKnown(type)) line.add(`, length ${length}`);
  if (!isKnown(type)) line.add(hexRows(line.bytes.subarray(at, Math.min(at + length, line.end)), false));
  else if (verbose > 0 && options !== undefined) printIcmp6Options(line, at + options, length - options);
}

function isKnown(type: number): boolean {
  return !typeName(type).startsWith("unknown");
}

/** Prints what follows the name of the message. @returns the offset at which options begin, if there are any */
function printDetails(line: Line, at: number, length: number, type: number, code: number): number | undefined {
  switch (type) {
    case 1:
      printUnreachable(line, at, code);
      return undefined;
    case 2:
      line.add(`, mtu ${line.u32(at + 4)}`);
      return undefined;
    case 3:
      if (code === 0) line.add(` for ${ipv6At(line, at + 32)}`);
      else line.add(code === 1 ? " (reassembly)" : `, unknown code (${code})`);
      return undefined;
    case 4:
      if (PARAMETER_PROBLEMS[code] === undefined) line.add(`, code-#${code}`);
      else line.add(`, ${PARAMETER_PROBLEMS[code]} - octet ${line.u32(at + 4)}`);
      return undefined;
    case 128:
    case 129:
      line.add(`, id ${line.u16(at + 4)}, seq ${line.u16(at + 6)}`);
      return undefined;
    case 130:
      if (length >= 28) printListenerQuery2(line, at, length);
      else printListener(line, at);
      return undefined;
    case 131:
    case 132:
      printListener(line, at);
      return undefined;
    case 133:
      line.need(at, 8);
      return 8;
    case 134:
      line.need(at, 16);
      if (line.flags.verbose > 0) printRouter(line, at);
      return 16;
    case 135:
      line.add(`, who has ${ipv6At(line, at + 8)}`);
      return 24;
    case 136:
      line.add(`, tgt is ${ipv6At(line, at + 8)}`);
      if (line.flags.verbose > 0) line.add(`, Flags [${neighbourFlags(line.u8(at + 4))}]`);
      return 24;
    case 137:
      line.add(`, ${ipv6At(line, at + 24)} to ${ipv6At(line, at + 8)}`);
      return 40;
    case 138:
      printRenumbering(line, at, length);
      return undefined;
    case 139:
    case 140:
      printNodeInformation(line, at, length);
      return undefined;
    case 143:
      printListenerReport2(line, at, length);
      return undefined;
    default:
      return undefined;
  }
}

function printUnreachable(line: Line, at: number, code: number): void {
  const quoted = at + 8;
  line.need(quoted + 24, 16);
  const destination = ipv6At(line, quoted + 24);
  switch (code) {
    case 0:
      return line.add(`, unreachable route ${destination}`);
    case 1:
      return line.add(`,  unreachable prohibited ${destination}`);
    case 2:
      return line.add(`, beyond scope ${destination}, source address ${ipv6At(line, quoted + 8)}`);
    case 3:
      return line.add(`, unreachable address ${destination}`);
    case 4: {
      // The extension headers of the quoted packet are skipped.
      let protocol = line.u8(quoted + 6);
      let ports = quoted + 40;
      for (
        let count = 0;
        count < 16 && (protocol === 0 || protocol === 43 || protocol === 60 || protocol === 44);
        count++
      ) {
        const size = protocol === 44 ? 8 : (line.u8(ports + 1) + 1) * 8;
        protocol = line.u8(ports);
        ports += size;
      }
      const owner = protocol === 6 ? "tcp" : protocol === 17 ? "udp" : undefined;
      const port = line.u16(ports + 2);
      if (owner !== undefined) return line.add(`, unreachable port, ${destination} ${owner} port ${port}`);
      return line.add(`, unreachable port, ${destination} protocol ${protocol} port ${port} unreachable`);
    }
    default:
      return line.add(`, unknown unreach code (${code})`);
  }
}

function neighbourFlags(flags: number): string {
  const names = [...(flags & 0x80 ? ["router"] : []), ...(flags & 0x40 ? ["solicited"] : [])];
  if ((flags & 0x20) !== 0) names.push("override");
  return names.length === 0 ? "none" : names.join(", ");
}

const PREFERENCES = ["medium", "high", "reserved", "low"];

function printRouter(line: Line, at: number): void {
  const flags = line.u8(at + 5);
  const names = [...(flags & 0x80 ? ["managed"] : []), ...(flags & 0x40 ? ["other stateful"] : [])];
  if ((flags & 0x20) !== 0) names.push("home agent");
  line.add(`\n\thop limit ${line.u8(at + 4)}, Flags [${names.length === 0 ? "none" : names.join(", ")}]`);
  line.add(`, pref ${PREFERENCES[(flags >> 3) & 3]}, router lifetime ${line.u16(at + 6)}s`);
  line.add(`, reachable time ${line.u32(at + 8)}ms, retrans timer ${line.u32(at + 12)}ms`);
}
