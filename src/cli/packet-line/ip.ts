/** The IP layer of a line: header oddities, fragments, extension headers; what it carries is in transport.ts. */
import {
  type DecodedPacket,
  decodePacket,
  formatIpv6Address,
  IP_PROTOCOL,
  type Ipv6ExtensionHeader,
  LINK_TYPE,
} from "../../pcap-parser/index.ts";
import { capturedFrom, hex, type LineContext, lengthFrom } from "./context.ts";
import { formatIpv4Details, formatIpv6Details } from "./ip-details.ts";
import { formatTransport } from "./transport.ts";

const IPV4_SMALLEST_HEADER = 20;
/** Packets within packets are followed this far. */
const DEEPEST = 4;

export function formatIpv4(context: LineContext, offset: number): string {
  const { ipv4, endOffset } = context.packet;
  if (ipv4 === undefined) return undecodedIpv4(context, offset);
  if (ipv4.headerLength < IPV4_SMALLEST_HEADER) return `IP bad-hlen ${ipv4.headerLength}`;
  if (ipv4.totalLength !== 0 && ipv4.totalLength < ipv4.headerLength) return `IP bad-len ${ipv4.totalLength}`;

  const missing = (endOffset ?? 0) - context.originalLength;
  const cut = missing > 0 ? `truncated-ip - ${missing} bytes missing! ` : "";
  const details = context.verbose ? `${formatIpv4Details(ipv4, context.bytes)} ` : "";
  const start = `IP ${cut}${details}`;
  const { sourceAddress, destinationAddress } = ipv4;
  if (ipv4.fragmentOffset > 0) return `${start}${sourceAddress} > ${destinationAddress}: ip-proto-${ipv4.protocol}`;
  if (context.packet.problem?.layer === "ipv4") return `${start}${sourceAddress} > ${destinationAddress}:  [|ip]`;
  return start + payloadText(context, sourceAddress, destinationAddress, "");
}

function undecodedIpv4(context: LineContext, offset: number): string {
  if (context.packet.problem?.reason === "truncated") return "IP  [|ip]";
  const version = (context.bytes[offset] ?? 0) >> 4;
  if (context.packet.ethernet === undefined) return `unknown ip ${version}`;
  return version === 6 ? "IP6, wrong link-layer encapsulation (invalid)" : `IP${version} (invalid)`;
}

export function formatIpv6(context: LineContext, offset: number): string {
  const { packet } = context;
  const { ipv6, endOffset } = packet;
  if (ipv6 === undefined) {
    if (packet.problem?.reason === "truncated") return " [|ip6]";
    return `IP6 version error: ${(context.bytes[offset] ?? 0) >> 4} != 6`;
  }
  const missing = (endOffset ?? 0) - context.originalLength;
  const cut = missing > 0 ? `truncated-ip6 - ${missing} bytes missing!` : "";
  const details = context.verbose ? `${formatIpv6Details(ipv6)} ` : "";
  const start = `IP6 ${cut}${details}`;
  const { sourceAddress, destinationAddress } = ipv6;
  const extensions = packet.ipv6Extensions.map((header) => extensionText(context, header)).join("");
  if (packet.problem?.layer === "ipv6" || (packet.fragment?.offset ?? 0) > 0) {
    const end = packet.problem === undefined ? "" : ` ${cutExtension(packet)}`;
    return `${start}${sourceAddress} > ${destinationAddress}: ${extensions}${end}`.trimEnd();
  }
  return start + payloadText(context, sourceAddress, destinationAddress, extensions);
}

function extensionText(context: LineContext, header: Ipv6ExtensionHeader): string {
  switch (header.name) {
    case "hopByHop":
      return "HBH ";
    case "destinationOptions":
      return "DSTOPT ";
    case "fragment": {
      const end = context.packet.endOffset ?? context.originalLength;
      const identification = context.verbose ? `${hex(header.identification, 8)}:` : "";
      return `frag (${identification}${header.fragmentOffset}|${end - header.offset - header.length}) `;
    }
    case "routing":
      return `RT6 (${routingText(context.bytes, header)}) `;
    case "authentication":
      return `AH(spi=${hex(header.securityParametersIndex, 8)},seq=${hex(header.sequenceNumber)}): `;
  }
}

function routingText(bytes: Uint8Array, header: Ipv6ExtensionHeader & { readonly name: "routing" }): string {
  const deprecated = header.routingType === 0 ? " [Deprecated]" : "";
  const parts = [
    `len=${header.length / 8 - 1}`,
    `type=${header.routingType}${deprecated}`,
    `segleft=${header.segmentsLeft}`,
  ];
  // Source route (RFC 2460), mobility (RFC 6275) and segment routing (RFC 8754) carry addresses, eight bytes in.
  const isSegmentRouting = header.routingType === 4;
  let count = Math.floor((header.length - 8) / 16);
  if (isSegmentRouting) {
    const last = bytes[header.offset + 4] ?? 0;
    // Behind the segments there may be more: type-length-value objects.
    count = Math.min(count, last + 1);
    const tag = ((bytes[header.offset + 6] ?? 0) << 8) | (bytes[header.offset + 7] ?? 0);
    parts.push(`last-entry=${last}`, `tag=${tag.toString(16)}`);
  }
  if (isSegmentRouting || header.routingType === 0 || header.routingType === 2) {
    for (let index = 0; index < count; index++) {
      parts.push(`[${index}]${formatIpv6Address(bytes, header.offset + 8 + 16 * index)}`);
    }
  }
  return parts.join(", ");
}

function cutExtension(packet: DecodedPacket): string {
  switch (packet.protocol) {
    case 0:
      return "[|hbhopt]";
    case 43:
      return "[|rt6]";
    case 44:
      return "[|frag]";
    case 51:
      return "[|ah]";
    default:
      return "[|dstopt]";
  }
}

/** What the IP header carries: another IP packet, or a transport protocol. */
function payloadText(context: LineContext, source: string, destination: string, extensions: string): string {
  const { protocol, payloadOffset } = context.packet;
  const isTunnel = protocol === IP_PROTOCOL.ipv4 || protocol === IP_PROTOCOL.ipv6;
  if (!isTunnel || context.depth === DEEPEST) return formatTransport(context, source, destination, extensions);

  const bytes = capturedFrom(context, payloadOffset);
  const isIpv4 = protocol === IP_PROTOCOL.ipv4;
  const packet = decodePacket(bytes, isIpv4 ? LINK_TYPE.ipv4 : LINK_TYPE.ipv6);
  const inner = {
    ...context,
    bytes,
    packet,
    originalLength: lengthFrom(context, payloadOffset),
    depth: context.depth + 1,
  };
  return `${source} > ${destination}: ${extensions}${isIpv4 ? formatIpv4(inner, 0) : formatIpv6(inner, 0)}`;
}
