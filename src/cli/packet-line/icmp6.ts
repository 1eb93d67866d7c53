/** ICMPv6 (RFC 4443), neighbour discovery (RFC 4861) and multicast listener discovery (RFC 2710, 3810). */
import {
  type DecodedPacket,
  decodePacket,
  formatIpv6Address,
  type IcmpHeader,
  IP_PROTOCOL,
  LINK_TYPE,
} from "../../pcap-parser/index.ts";
import { capturedFrom, type LineContext, lengthFrom } from "./context.ts";

const PACKET_TOO_BIG = 2;
const ADDRESS_LENGTH = 16;

const TYPE_NAMES: ReadonlyMap<number, string> = new Map([
  [1, "destination unreachable"],
  [PACKET_TOO_BIG, "packet too big"],
  [3, "time exceeded in-transit"],
  [4, "parameter problem"],
  [128, "echo request"],
  [129, "echo reply"],
  [130, "multicast listener query"],
  [131, "multicast listener report"],
  [132, "multicast listener done"],
  [133, "router solicitation"],
  [134, "router advertisement"],
  [135, "neighbor solicitation"],
  [136, "neighbor advertisement"],
  [137, "redirect"],
  [138, "router renumbering"],
  [139, "who-are-you request"],
  [140, "who-are-you reply"],
  [141, "inverse neighbor solicitation"],
  [142, "inverse neighbor advertisement"],
  [143, "multicast listener report v2"],
  [144, "ha discovery request"],
  [145, "ha discovery reply"],
  [146, "mobile router solicitation"],
  [147, "mobile router advertisement"],
]);

const PARAMETER_PROBLEMS = ["erroneous", "next header", "option", "incomplete header chain"];

/** `ICMP6, neighbor solicitation, who has fe80::1, length 32` */
export function formatIcmp6(context: LineContext): string {
  const { icmp } = context.packet;
  if (icmp === undefined) return " [|icmp6]";
  const name = TYPE_NAMES.get(icmp.type) ?? `unknown icmp6 type (${icmp.type})`;
  const details = icmp.restOfHeader === undefined ? undefined : detailsText(context, icmp, icmp.restOfHeader);
  if (details === undefined) return `ICMP6, ${name} [|icmp6]`;
  return `ICMP6, ${name}${details}, length ${lengthFrom(context, icmp.offset)}`;
}

/** What follows the name; undefined when what it depends on was not captured. */
function detailsText(context: LineContext, icmp: IcmpHeader, rest: number): string | undefined {
  if (icmp.echo !== undefined) return `, id ${icmp.echo.identifier}, seq ${icmp.echo.sequenceNumber}`;
  switch (icmp.type) {
    case 1:
    case 3:
      return errorText(context, icmp);
    case PACKET_TOO_BIG:
      return `, mtu ${rest}`;
    case 4:
      return `, ${PARAMETER_PROBLEMS[icmp.code] ?? `code-#${icmp.code}`} - octet ${rest}`;
    case 130:
    case 131:
    case 132:
      return listenerText(context, icmp, rest);
    case 135:
      return prefixed(", who has ", addressAt(context, 0));
    case 136:
      return prefixed(", tgt is ", addressAt(context, 0));
    case 137: {
      const destination = addressAt(context, ADDRESS_LENGTH);
      return destination && `, ${destination} to ${addressAt(context, 0)}`;
    }
    case 143:
      return `, ${rest & 0xffff} group record(s)`;
    default:
      return "";
  }
}

function prefixed(text: string, address: string | undefined): string | undefined {
  return address && text + address;
}

/** The address that many bytes after the first eight of the message. */
function addressAt(context: LineContext, distance: number): string | undefined {
  const payload = capturedFrom(context, context.packet.payloadOffset);
  return payload.length < distance + ADDRESS_LENGTH ? undefined : formatIpv6Address(payload, distance);
}

function listenerText(context: LineContext, icmp: IcmpHeader, rest: number): string | undefined {
  const group = addressAt(context, 0);
  // RFC 3810, section 8.1: a query of 28 bytes or more is of version 2.
  const isVersion2 = icmp.type === 130 && lengthFrom(context, icmp.offset) >= 28;
  if (isVersion2) return group && ` v2 [gaddr ${group}]`;
  return group && `max resp delay: ${rest >>> 16} addr: ${group}`;
}

function errorText(context: LineContext, icmp: IcmpHeader): string | undefined {
  const quoted = decodePacket(capturedFrom(context, context.packet.payloadOffset), LINK_TYPE.ipv6);
  if (quoted.ipv6 === undefined) return undefined;
  const { sourceAddress, destinationAddress } = quoted.ipv6;
  if (icmp.type === 3) {
    if (icmp.code === 0) return ` for ${destinationAddress}`;
    return icmp.code === 1 ? " (reassembly)" : `, unknown code (${icmp.code})`;
  }
  switch (icmp.code) {
    case 0:
      return `, unreachable route ${destinationAddress}`;
    case 1:
      return `,  unreachable prohibited ${destinationAddress}`;
    case 2:
      return `, beyond scope ${destinationAddress}, source address ${sourceAddress}`;
    case 3:
      return `, unreachable address ${destinationAddress}`;
    case 4: {
      const port = quoted.ports?.destination;
      return port === undefined
        ? undefined
        : `, unreachable port, ${destinationAddress} ${portOwner(quoted)} port ${port}`;
    }
    default:
      return `, unknown unreach code (${icmp.code})`;
  }
}

function portOwner(quoted: DecodedPacket): string {
  if (quoted.protocol === IP_PROTOCOL.tcp) return "tcp";
  return quoted.protocol === IP_PROTOCOL.udp ? "udp" : `protocol ${quoted.protocol}`;
}
