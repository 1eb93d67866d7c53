/** What a frame carries, by its EtherType: IP, ARP, tags, MPLS, PPP, and frames in frames. */
import { rewriteArp } from "./arp.ts";
import { MOST_DEPTH } from "./ip-protocols.ts";
import { rewriteIpv4 } from "./ipv4.ts";
import { rewriteIpv6 } from "./ipv6.ts";
import type { Rewriting } from "./rewriting.ts";

export const ETHER_TYPE = {
  ipv4: 0x0800,
  arp: 0x0806,
  reverseArp: 0x8035,
  ethernet: 0x6558,
  tag: 0x8100,
  serviceTag: 0x88a8,
  olderServiceTag: 0x9100,
  ipv6: 0x86dd,
  mpls: 0x8847,
  mplsOfGroups: 0x8848,
  pppOverEthernet: 0x8864,
  ppp: 0x880b,
} as const;

const TAG = 4;
const LABEL = 4;
const LAST_LABEL = 0x01;
const PPPOE_HEADER = 6;
const PPP_IPV4 = 0x21;
const PPP_IPV6 = 0x57;
/** The address and the control byte of HDLC, which links may leave out (RFC 1662). */
const HDLC = 0xff03;

/** @returns where the kept bytes end */
export function rewriteEtherType(
  rewriting: Rewriting,
  etherType: number,
  at: number,
  end: number,
  depth: number,
): number {
  if (depth > MOST_DEPTH) return rewriting.cut(at);
  switch (etherType) {
    case ETHER_TYPE.ipv4:
      return rewriteIpv4(rewriting, at, end, depth);
    case ETHER_TYPE.ipv6:
      return rewriteIpv6(rewriting, at, end, depth);
    case ETHER_TYPE.arp:
    case ETHER_TYPE.reverseArp:
      return rewriteArp(rewriting, at, end);
    case ETHER_TYPE.tag:
    case ETHER_TYPE.serviceTag:
    case ETHER_TYPE.olderServiceTag:
      if (at + TAG > end) return rewriting.cut(at);
      return rewriteEtherType(rewriting, rewriting.uint16(at + 2), at + TAG, end, depth + 1);
    case ETHER_TYPE.mpls:
    case ETHER_TYPE.mplsOfGroups:
      return rewriteMpls(rewriting, at, end, depth);
    case ETHER_TYPE.pppOverEthernet:
      if (at + PPPOE_HEADER > end) return rewriting.cut(at);
      return rewritePpp(rewriting, at + PPPOE_HEADER, end, depth);
    case ETHER_TYPE.ppp:
      return rewritePpp(rewriting, at, end, depth);
    case ETHER_TYPE.ethernet:
      return rewriting.layers.ethernet(rewriting, at, end, depth + 1);
    default:
      return rewriting.cut(at);
  }
}

/** IP of either version, by its first four bits. @returns where the kept bytes end */
export function rewriteIp(rewriting: Rewriting, at: number, end: number, depth: number): number {
  const isIpv6 = at < end && rewriting.uint8(at) >>> 4 === 6;
  return isIpv6 ? rewriteIpv6(rewriting, at, end, depth) : rewriteIpv4(rewriting, at, end, depth);
}

/** Steps over labels (RFC 3032), behind which IP is. */
function rewriteMpls(rewriting: Rewriting, at: number, end: number, depth: number): number {
  let next = at;
  let isLast = false;
  while (!isLast) {
    if (next + LABEL > end) return rewriting.cut(next);
    isLast = (rewriting.uint8(next + 2) & LAST_LABEL) !== 0;
    next += LABEL;
  }
  return rewriteIp(rewriting, next, end, depth);
}

/** @returns where the kept bytes end */
export function rewritePpp(rewriting: Rewriting, at: number, end: number, depth: number): number {
  const start = at + 2 <= end && rewriting.uint16(at) === HDLC ? at + 2 : at;
  if (start + 2 > end) return rewriting.cut(at);
  // The first byte of a protocol is even, and may be left out where it is 0.
  const isShort = (rewriting.uint8(start) & 1) !== 0;
  const protocol = isShort ? rewriting.uint8(start) : rewriting.uint16(start);
  const payload = start + (isShort ? 1 : 2);
  if (protocol === PPP_IPV4) return rewriteIpv4(rewriting, payload, end, depth);
  if (protocol === PPP_IPV6) return rewriteIpv6(rewriting, payload, end, depth);
  return rewriting.cut(payload);
}
