/** IPv6 headers and their extension headers (RFC 8200). */
import { rewriteCarried } from "./carried.ts";
import { MOST_DEPTH, PROTOCOL, type PseudoAddresses } from "./ip-protocols.ts";
import { rewriteIpv6Options } from "./ipv6-options.ts";
import { rewriteRouting } from "./ipv6-routing.ts";
import type { Rewriting } from "./rewriting.ts";

const HEADER = 40;
const SOURCE = 8;
const DESTINATION = 24;
const ADDRESS = 16;
const SMALLEST_EXTENSION = 8;

/** @returns where the kept bytes end; `at` where there is no whole header */
export function rewriteIpv6(rewriting: Rewriting, at: number, end: number, depth: number): number {
  if (depth > MOST_DEPTH || end - at < HEADER || rewriting.uint8(at) >>> 4 !== 6) return rewriting.cut(at);
  const sumOf = (address: number) => rewriting.sum(address, address + ADDRESS);
  const sourceBefore = sumOf(at + SOURCE);
  const destinationBefore = sumOf(at + DESTINATION);
  rewriting.ipv6(at + SOURCE);
  rewriting.ipv6(at + DESTINATION);
  const pseudo: PseudoAddresses = {
    sourceBefore,
    sourceAfter: sumOf(at + SOURCE),
    destinationBefore,
    destinationAfter: sumOf(at + DESTINATION),
  };

  const payload = rewriting.uint16(at + 4);
  const packetEnd = payload === 0 ? end : Math.min(end, at + HEADER + payload);
  let protocol = rewriting.uint8(at + 6);
  let next = at + HEADER;
  let isFragment = false;
  let isLaterFragment = false;
  while (isExtension(protocol) && !isLaterFragment) {
    if (next + SMALLEST_EXTENSION > packetEnd) return rewriting.cut(next);
    const extensionEnd = next + lengthOf(rewriting, protocol, next);
    if (extensionEnd > packetEnd) return rewriting.cut(next);
    if (protocol === PROTOCOL.fragment) {
      const place = rewriting.uint16(next + 2);
      isFragment = (place & 0xfff9) !== 0;
      isLaterFragment = (place & 0xfff8) !== 0;
    } else if (protocol === PROTOCOL.routing) rewriteRouting(rewriting, next, extensionEnd, pseudo);
    else if (protocol !== PROTOCOL.authentication) rewriteIpv6Options(rewriting, next + 2, extensionEnd, pseudo);
    protocol = rewriting.uint8(next);
    next = extensionEnd;
  }
  return rewriteCarried(rewriting, {
    version: 6,
    protocol,
    at: next,
    end: packetEnd,
    length: payload === 0 ? 0 : at + HEADER + payload - next,
    isFragment,
    isLaterFragment,
    before: pseudo.sourceBefore + pseudo.destinationBefore,
    after: pseudo.sourceAfter + pseudo.destinationAfter,
    depth,
  });
}

function isExtension(protocol: number): boolean {
  return (
    protocol === PROTOCOL.hopByHop ||
    protocol === PROTOCOL.routing ||
    protocol === PROTOCOL.fragment ||
    protocol === PROTOCOL.authentication ||
    protocol === PROTOCOL.destinationOptions
  );
}

function lengthOf(rewriting: Rewriting, protocol: number, at: number): number {
  if (protocol === PROTOCOL.fragment) return SMALLEST_EXTENSION;
  const field = rewriting.uint8(at + 1);
  return protocol === PROTOCOL.authentication ? (field + 2) * 4 : (field + 1) * 8;
}
