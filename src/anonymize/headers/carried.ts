/** What IP carries. */
import { rewriteGre } from "./gre.ts";
import { rewriteIcmp } from "./icmp.ts";
import { rewriteIcmp6 } from "./icmp6.ts";
import { rewriteIgmp } from "./igmp.ts";
import { type Carried, PROTOCOL } from "./ip-protocols.ts";
import type { Rewriting } from "./rewriting.ts";
import { rewriteDatagram, rewriteTcp } from "./transport.ts";

const DCCP_CHECKSUM = 6;
const DCCP_HEADER = 12;
const SCTP_HEADER = 12;
const ESP_HEADER = 8;

/** Protocols whose payload is what the user may keep. */
const WITH_PAYLOAD: ReadonlySet<number> = new Set([
  PROTOCOL.tcp,
  PROTOCOL.udp,
  PROTOCOL.udpLite,
  PROTOCOL.dccp,
  PROTOCOL.sctp,
  PROTOCOL.esp,
]);

/** @returns where the kept bytes end */
export function rewriteCarried(rewriting: Rewriting, carried: Carried): number {
  const { version, protocol, at, end, depth } = carried;
  if (carried.isLaterFragment) return rewriting.keepsPayload && WITH_PAYLOAD.has(protocol) ? end : Math.min(at, end);
  if (at >= end) return Math.min(at, end);
  switch (protocol) {
    case PROTOCOL.tcp:
      return rewriteTcp(rewriting, carried);
    case PROTOCOL.udp:
    case PROTOCOL.udpLite:
      return rewriteDatagram(rewriting, carried);
    case PROTOCOL.icmp:
      return version === 4 ? rewriteIcmp(rewriting, at, end, depth) : rewriting.cut(at);
    case PROTOCOL.icmp6:
      return version === 6 ? rewriteIcmp6(rewriting, carried) : rewriting.cut(at);
    case PROTOCOL.igmp:
      return version === 4 ? rewriteIgmp(rewriting, at, end) : rewriting.cut(at);
    case PROTOCOL.ipv4:
      return rewriting.layers.ipv4(rewriting, at, end, depth + 1);
    case PROTOCOL.ipv6:
      return rewriting.layers.ipv6(rewriting, at, end, depth + 1);
    case PROTOCOL.ethernet:
      return rewriting.layers.ethernet(rewriting, at, end, depth + 1);
    case PROTOCOL.gre:
      return rewriteGre(rewriting, at, end, depth + 1);
    case PROTOCOL.dccp:
      if (at + DCCP_CHECKSUM + 2 <= end) rewriting.repair(at + DCCP_CHECKSUM, carried.before, carried.after);
      return headerOr(rewriting, at + DCCP_HEADER, end);
    case PROTOCOL.sctp:
      // Its checksum covers no addresses (RFC 9260 section 6.8).
      return headerOr(rewriting, at + SCTP_HEADER, end);
    case PROTOCOL.esp:
      return headerOr(rewriting, at + ESP_HEADER, end);
    case PROTOCOL.noNextHeader:
      return at;
    default:
      return rewriting.cut(at);
  }
}

/** Returns where the kept bytes end: behind the header, or with the payload. */
export function headerOr(rewriting: Rewriting, headerEnd: number, end: number): number {
  return rewriting.keepsPayload ? end : Math.min(headerEnd, end);
}
