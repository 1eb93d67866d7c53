import { LINK_TYPE } from "../../pcap-parser/index.ts";
import { formatArp } from "./arp.ts";
import type { LineContext } from "./context.ts";
import { formatOtherFrame } from "./ethernet.ts";
import { formatIpv4, formatIpv6 } from "./ip.ts";

const ETHER_TYPE_IPV4 = 0x0800;
const ETHER_TYPE_ARP = 0x0806;
const ETHER_TYPE_REVERSE_ARP = 0x8035;
const ETHER_TYPE_IPV6 = 0x86dd;

/** The line of a packet, without its time. */
export function formatNetwork(context: LineContext): string {
  const { packet, bytes } = context;
  if (packet.problem?.reason === "unsupported") {
    return `link-type ${packet.linkType}, length ${context.originalLength}`;
  }
  const isEthernet = packet.linkType === LINK_TYPE.ethernet;
  if (isEthernet && packet.problem?.layer === "ethernet") return formatOtherFrame(context);

  switch (isEthernet ? packet.ethernet?.etherType : rawEtherType(bytes)) {
    case ETHER_TYPE_IPV4:
      return formatIpv4(context, packet.payloadOffset);
    case ETHER_TYPE_IPV6:
      return formatIpv6(context, packet.payloadOffset);
    case ETHER_TYPE_ARP:
    case ETHER_TYPE_REVERSE_ARP:
      return formatArp(context);
    default:
      return formatOtherFrame(context);
  }
}

/** Raw IP has no type; its version nibble is one. */
function rawEtherType(bytes: Uint8Array): number {
  return (bytes[0] ?? 0) >> 4 === 6 ? ETHER_TYPE_IPV6 : ETHER_TYPE_IPV4;
}
