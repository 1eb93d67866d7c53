/** ICMP (RFC 792, 950, 1191, 1256, 1812). */
import {
  type DecodedPacket,
  decodePacket,
  formatIpv4Address,
  type IcmpHeader,
  IP_PROTOCOL,
  LINK_TYPE,
} from "../../pcap-parser/index.ts";
import { capturedFrom, hex, type LineContext, lengthFrom } from "./context.ts";

const TYPE_UNREACHABLE = 3;
const ERROR_TYPES = new Set([TYPE_UNREACHABLE, 4, 5, 11, 12]);

/** By code; `%` stands for the destination of the packet that could not be delivered. */
const UNREACHABLE = [
  "net % unreachable",
  "host % unreachable",
  "",
  "",
  "",
  "% unreachable - source route failed",
  "net % unreachable - unknown",
  "host % unreachable - unknown",
  "% unreachable - source host isolated",
  "net % unreachable - admin prohibited",
  "host % unreachable - admin prohibited",
  "net % unreachable - tos prohibited",
  "host % unreachable - tos prohibited",
  "host % unreachable - admin prohibited filter",
  "host % unreachable - host precedence violation",
  "host % unreachable - precedence cutoff",
];

const REDIRECTS = ["redirect % to net", "redirect % to host", "redirect-tos % to net", "redirect-tos % to host"];

const OTHER_TYPES: ReadonlyMap<number, string> = new Map([
  [4, "source quench"],
  [9, "router advertisement"],
  [10, "router solicitation"],
  [15, "information request"],
  [16, "information reply"],
  [17, "address mask request"],
]);

/** `ICMP echo request, id 1, seq 2, length 64` */
export function formatIcmp(context: LineContext): string {
  const { icmp } = context.packet;
  if (icmp?.restOfHeader === undefined) return " [|icmp]";
  const text = messageText(context, icmp, icmp.restOfHeader);
  return text === undefined ? " [|icmp]" : `ICMP ${text}, length ${lengthFrom(context, icmp.offset)}`;
}

/** Undefined when what it depends on was not captured. */
function messageText(context: LineContext, icmp: IcmpHeader, rest: number): string | undefined {
  if (icmp.echo !== undefined) {
    const { identifier, sequenceNumber } = icmp.echo;
    return `echo ${icmp.type === 8 ? "request" : "reply"}, id ${identifier}, seq ${sequenceNumber}`;
  }
  if (ERROR_TYPES.has(icmp.type)) return errorText(context, icmp, rest);
  const pair = `id ${rest >>> 16} seq ${rest & 0xffff}`;
  if (icmp.type === 13) return `time stamp query ${pair}`;
  if (icmp.type === 14) return `time stamp reply ${pair}`;
  if (icmp.type === 18) return maskText(context);
  return OTHER_TYPES.get(icmp.type) ?? `type-#${icmp.type}`;
}

function maskText(context: LineContext): string | undefined {
  const payload = capturedFrom(context, context.packet.payloadOffset);
  if (payload.length < 4) return undefined;
  return `address mask is ${hex(new DataView(payload.buffer, payload.byteOffset).getUint32(0), 8)}`;
}

/** Messages that quote the packet they are about. */
function errorText(context: LineContext, icmp: IcmpHeader, rest: number): string | undefined {
  const quoted = decodePacket(capturedFrom(context, context.packet.payloadOffset), LINK_TYPE.ipv4);
  switch (icmp.type) {
    case TYPE_UNREACHABLE:
      return quoted.ipv4 && unreachableText(icmp.code, rest & 0xffff, quoted, quoted.ipv4.destinationAddress);
    case 5: {
      if (quoted.ipv4 === undefined) return undefined;
      const text = REDIRECTS[icmp.code] ?? `redirect-#${icmp.code} % to`;
      const gateway = formatIpv4Address(context.bytes, icmp.offset + 4);
      return `${text.replace("%", quoted.ipv4.destinationAddress)} ${gateway}`;
    }
    case 11:
      if (icmp.code === 0) return "time exceeded in-transit";
      return icmp.code === 1 ? "ip reassembly time exceeded" : `time exceeded-#${icmp.code}`;
    case 12:
      return icmp.code === 0 ? `parameter problem - octet ${rest >>> 24}` : `parameter problem - code ${icmp.code}`;
    default:
      return OTHER_TYPES.get(icmp.type);
  }
}

function unreachableText(code: number, mtu: number, quoted: DecodedPacket, destination: string): string | undefined {
  switch (code) {
    case 2:
      return `${destination} protocol ${quoted.protocol} unreachable`;
    case 3: {
      if (quoted.ports === undefined) return undefined;
      return `${destination} ${portOwner(quoted)} port ${quoted.ports.destination} unreachable`;
    }
    case 4:
      return `${destination} unreachable - need to frag${mtu === 0 ? "" : ` (mtu ${mtu})`}`;
    default:
      return (UNREACHABLE[code] ?? `% unreachable - #${code}`).replace("%", destination);
  }
}

function portOwner(quoted: DecodedPacket): string {
  if (quoted.protocol === IP_PROTOCOL.tcp) return "tcp";
  return quoted.protocol === IP_PROTOCOL.udp ? "udp" : `protocol ${quoted.protocol}`;
}
