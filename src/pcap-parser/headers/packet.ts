/** Decodes a whole packet, from its link type to its transport header. */
import { type ArpHeader, decodeArp } from "./arp.ts";
import {
  decodeEthernet,
  ETHER_TYPE_ARP,
  ETHER_TYPE_IPV4,
  ETHER_TYPE_IPV6,
  ETHER_TYPE_REVERSE_ARP,
  type EthernetHeader,
} from "./ethernet.ts";
import { decodeIcmp, type IcmpHeader } from "./icmp.ts";
import { decodeIpv4, type Ipv4Header } from "./ipv4.ts";
import { decodeIpv6, type Ipv6Header } from "./ipv6.ts";
import { decodeIpv6Extensions, type Ipv6ExtensionHeader } from "./ipv6-extensions.ts";
import type { DecodedLayer, DecodeProblem } from "./problem.ts";
import { uint8, uint16 } from "./read.ts";
import { decodeSctp, type SctpHeader } from "./sctp.ts";
import { decodeTcp, type TcpHeader } from "./tcp.ts";
import { decodeUdp, type UdpHeader } from "./udp.ts";

/** Link types, with the numbers of https://www.tcpdump.org/linktypes.html. */
export const LINK_TYPE = { ethernet: 1, raw: 101, ipv4: 228, ipv6: 229 } as const;
/** The number of DLT_RAW, which some systems write into files instead of 101 (LINKTYPE_RAW). */
const LINK_TYPE_RAW_ALIAS = 12;

/** Assigned internet protocol numbers (IANA). */
export const IP_PROTOCOL = {
  icmp: 1,
  ipv4: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  icmp6: 58,
  noNextHeader: 59,
  sctp: 132,
} as const;

/** The headers of one packet. A header that the packet does not have, or that was not captured, is undefined. */
export interface DecodedPacket {
  /** The link type by which the packet was decoded: see `LINK_TYPE`. */
  readonly linkType: number;
  readonly ethernet: EthernetHeader | undefined;
  readonly arp: ArpHeader | undefined;
  readonly ipv4: Ipv4Header | undefined;
  readonly ipv6: Ipv6Header | undefined;
  readonly ipv6Extensions: readonly Ipv6ExtensionHeader[];
  /** The protocol that IP carries, after all IPv6 extension headers: see `IP_PROTOCOL`. */
  readonly protocol: number | undefined;
  /**
   * Set if the packet is a fragment. `offset` is in bytes, and a fragment with an `offset` above 0 has no transport
   * header.
   */
  readonly fragment: { readonly offset: number; readonly moreFragments: boolean } | undefined;
  /** The ports of TCP, UDP or SCTP. They are there even when the rest of that header was not captured. */
  readonly ports: { readonly source: number; readonly destination: number } | undefined;
  readonly tcp: TcpHeader | undefined;
  readonly udp: UdpHeader | undefined;
  readonly icmp: IcmpHeader | undefined;
  readonly sctp: SctpHeader | undefined;
  /** Offset in bytes of the first byte after the last decoded header. It may lie behind the captured bytes. */
  readonly payloadOffset: number;
  /**
   * Offset in bytes of the first byte after the IP packet, by the length fields of its header. It lies behind the
   * captured bytes if the packet was cut, and before their end if the frame is padded. It is undefined if no header
   * states a length.
   */
  readonly endOffset: number | undefined;
  /** The place where decoding stopped, if it stopped before the last header. */
  readonly problem: DecodeProblem | undefined;
}

type Draft = { -readonly [Key in keyof DecodedPacket]: DecodedPacket[Key] };

/**
 * Decodes the headers of one packet: Ethernet with VLAN tags, ARP, IPv4, IPv6 with extension headers, TCP, UDP, ICMP,
 * ICMPv6 and SCTP. It never throws. It returns the headers that could be decoded, and `problem` says where and why
 * decoding stopped.
 *
 * @param bytes the captured bytes, which may be fewer than were on the wire
 * @param linkType the link type of the capture: 1 (Ethernet), 101 or 12 (raw IP), 228 (IPv4), 229 (IPv6)
 */
export function decodePacket(bytes: Uint8Array, linkType: number): DecodedPacket {
  const draft = emptyPacket(linkType);
  switch (linkType) {
    case LINK_TYPE.ethernet:
      decodeFrame(bytes, draft);
      break;
    case LINK_TYPE.raw:
    case LINK_TYPE_RAW_ALIAS:
    case LINK_TYPE.ipv4:
    case LINK_TYPE.ipv6:
      // Files of the last two do hold the other version; the version field settles it.
      if (uint8(bytes, 0) >> 4 === 6) decodeIpv6Packet(bytes, 0, draft);
      else decodeIpv4Packet(bytes, 0, draft);
      break;
    default:
      draft.problem = { layer: "link", reason: "unsupported", offset: 0 };
  }
  return draft;
}

function emptyPacket(linkType: number): Draft {
  return {
    linkType,
    ethernet: undefined,
    arp: undefined,
    ipv4: undefined,
    ipv6: undefined,
    ipv6Extensions: [],
    protocol: undefined,
    fragment: undefined,
    ports: undefined,
    tcp: undefined,
    udp: undefined,
    icmp: undefined,
    sctp: undefined,
    payloadOffset: 0,
    endOffset: undefined,
    problem: undefined,
  };
}

/** Notes in the draft where a layer ended, and returns the header of the layer. */
function accept<Header>(draft: Draft, layer: DecodedLayer<Header>): Header | undefined {
  draft.payloadOffset = layer.next;
  draft.problem = layer.problem;
  return layer.header;
}

function decodeFrame(bytes: Uint8Array, draft: Draft): void {
  draft.ethernet = accept(draft, decodeEthernet(bytes));
  if (draft.problem !== undefined) return;
  switch (draft.ethernet?.etherType) {
    case ETHER_TYPE_ARP:
    case ETHER_TYPE_REVERSE_ARP:
      draft.arp = accept(draft, decodeArp(bytes, draft.payloadOffset));
      break;
    case ETHER_TYPE_IPV4:
      decodeIpv4Packet(bytes, draft.payloadOffset, draft);
      break;
    case ETHER_TYPE_IPV6:
      decodeIpv6Packet(bytes, draft.payloadOffset, draft);
      break;
  }
}

function decodeIpv4Packet(bytes: Uint8Array, offset: number, draft: Draft): void {
  const header = accept(draft, decodeIpv4(bytes, offset));
  draft.ipv4 = header;
  if (header === undefined) return;
  draft.protocol = header.protocol;
  if (header.fragmentOffset > 0 || header.moreFragments) {
    draft.fragment = { offset: header.fragmentOffset, moreFragments: header.moreFragments };
  }
  if (header.totalLength !== 0) draft.endOffset = offset + header.totalLength;
  if (draft.problem === undefined) decodeTransport(bytes, draft);
}

function decodeIpv6Packet(bytes: Uint8Array, offset: number, draft: Draft): void {
  const header = accept(draft, decodeIpv6(bytes, offset));
  draft.ipv6 = header;
  if (header === undefined) return;

  const start = draft.payloadOffset;
  const isEmpty = header.payloadLength === 0 && header.nextHeader === IP_PROTOCOL.noNextHeader;
  if (header.payloadLength !== 0 || isEmpty) draft.endOffset = start + header.payloadLength;
  const chain = decodeIpv6Extensions(bytes, start, header.nextHeader, draft.endOffset ?? Number.POSITIVE_INFINITY);
  if (header.payloadLength === 0 && chain.jumboPayloadLength !== undefined) {
    draft.endOffset = start + chain.jumboPayloadLength;
  }
  draft.ipv6Extensions = chain.extensions;
  draft.protocol = chain.protocol;
  if (chain.fragmentOffset > 0 || chain.moreFragments) {
    draft.fragment = { offset: chain.fragmentOffset, moreFragments: chain.moreFragments };
  }
  draft.payloadOffset = chain.next;
  draft.problem = chain.problem;
  if (draft.problem === undefined) decodeTransport(bytes, draft);
}

function decodeTransport(bytes: Uint8Array, draft: Draft): void {
  if (draft.fragment !== undefined && draft.fragment.offset > 0) return;
  const offset = draft.payloadOffset;
  const end = draft.endOffset ?? Number.POSITIVE_INFINITY;
  switch (draft.protocol) {
    case IP_PROTOCOL.tcp:
      draft.ports = decodePorts(bytes, offset, end);
      draft.tcp = accept(draft, decodeTcp(bytes, offset, end));
      break;
    case IP_PROTOCOL.udp:
      draft.ports = decodePorts(bytes, offset, end);
      draft.udp = accept(draft, decodeUdp(bytes, offset, end, draft.fragment !== undefined));
      break;
    case IP_PROTOCOL.sctp:
      draft.ports = decodePorts(bytes, offset, end);
      draft.sctp = accept(draft, decodeSctp(bytes, offset, end));
      break;
    case IP_PROTOCOL.icmp:
      if (draft.ipv4 !== undefined) draft.icmp = accept(draft, decodeIcmp(bytes, offset, 4, end));
      break;
    case IP_PROTOCOL.icmp6:
      if (draft.ipv6 !== undefined) draft.icmp = accept(draft, decodeIcmp(bytes, offset, 6, end));
      break;
  }
}

function decodePorts(bytes: Uint8Array, offset: number, end: number): DecodedPacket["ports"] {
  if (offset + 4 > Math.min(bytes.length, end)) return undefined;
  return { source: uint16(bytes, offset), destination: uint16(bytes, offset + 2) };
}
