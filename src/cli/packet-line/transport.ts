/** What IP carries. */
import { IP_PROTOCOL } from "../../pcap-parser/index.ts";
import { capturedFrom, hex, type LineContext, lengthFrom } from "./context.ts";
import { formatIcmp } from "./icmp.ts";
import { formatIcmp6 } from "./icmp6.ts";
import { formatSctp } from "./sctp.ts";
import { formatTcp } from "./tcp.ts";

const PROTOCOL_IGMP = 2;
const PROTOCOL_ESP = 50;
const UDP_HEADER_LENGTH = 8;

/**
 * `10.0.0.1.1234 > 10.0.0.2.80: ...`
 *
 * @param extensions text of the extension headers, which stands between the addresses and the ports
 */
export function formatTransport(context: LineContext, source: string, destination: string, extensions: string): string {
  const { ports } = context.packet;
  const body = transportText(context);
  if (ports === undefined) return `${source} > ${destination}: ${extensions}${body}`;
  if (extensions === "") return `${source}.${ports.source} > ${destination}.${ports.destination}: ${body}`;
  return `${source} > ${destination}: ${extensions}${ports.source} > ${ports.destination}: ${body}`;
}

function transportText(context: LineContext): string {
  const { packet } = context;
  switch (packet.protocol) {
    case IP_PROTOCOL.tcp:
      return formatTcp(context);
    case IP_PROTOCOL.udp:
      return udpText(context);
    case IP_PROTOCOL.icmp:
      return packet.ipv4 === undefined ? "[ICMP requires IPv4] (invalid)" : formatIcmp(context);
    case IP_PROTOCOL.icmp6:
      return packet.ipv6 === undefined ? otherText(context, IP_PROTOCOL.icmp6) : formatIcmp6(context);
    case IP_PROTOCOL.sctp:
      return formatSctp(context);
    case IP_PROTOCOL.noNextHeader:
      return "no next header";
    case PROTOCOL_IGMP:
      return "igmp";
    case PROTOCOL_ESP:
      return espText(context);
    default:
      return otherText(context, packet.protocol ?? 0);
  }
}

function udpText(context: LineContext): string {
  const { packet } = context;
  const { udp } = packet;
  if (udp === undefined) {
    const isCut = packet.problem?.reason === "truncated" || packet.ports === undefined;
    return isCut ? " [|udp]" : `truncated-udp ${lengthFrom(context, packet.payloadOffset)}`;
  }
  const available = lengthFrom(context, udp.offset + UDP_HEADER_LENGTH);
  if (packet.problem === undefined) {
    return `UDP, length ${udp.length === 0 ? available : udp.length - UDP_HEADER_LENGTH}`;
  }
  if (udp.length < UDP_HEADER_LENGTH) return `truncated-udplength ${udp.length}`;
  return `UDP, bad length ${udp.length - UDP_HEADER_LENGTH} > ${available}`;
}

/** RFC 4303. */
function espText(context: LineContext): string {
  const { payloadOffset } = context.packet;
  const payload = capturedFrom(context, payloadOffset);
  if (payload.length < 8) return " [|esp]";
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const length = lengthFrom(context, payloadOffset);
  return `ESP(spi=${hex(view.getUint32(0), 8)},seq=${hex(view.getUint32(4))}), length ${length}`;
}

function otherText(context: LineContext, protocol: number): string {
  return ` ip-proto-${protocol} ${lengthFrom(context, context.packet.payloadOffset)}`;
}
