/** The options of neighbour discovery (RFC 4861 section 4.6, RFC 8106, RFC 4191). */
import type { Rewriting } from "./rewriting.ts";

const SOURCE_LINK_ADDRESS = 1;
const TARGET_LINK_ADDRESS = 2;
const PREFIX = 3;
const REDIRECTED_PACKET = 4;
const MTU = 5;
const ROUTE = 24;
const NAME_SERVERS = 25;

const UNIT = 8;
const ADDRESS = 16;

/** Replaces addresses, and overwrites what is not known. @returns where the whole options end */
export function rewriteNeighbourOptions(rewriting: Rewriting, start: number, end: number, depth: number): number {
  let at = Math.min(start, end);
  while (at + UNIT <= end) {
    const length = rewriting.uint8(at + 1) * UNIT;
    const next = at + length;
    if (length === 0 || next > end) return at;
    switch (rewriting.uint8(at)) {
      case SOURCE_LINK_ADDRESS:
      case TARGET_LINK_ADDRESS:
        rewriting.mac(at + 2);
        rewriting.bytes.fill(0, at + UNIT, next);
        break;
      case PREFIX:
        if (length === 32) rewritePrefix(rewriting, at + 16, rewriting.uint8(at + 2));
        else rewriting.bytes.fill(0, at + 2, next);
        break;
      case ROUTE:
        rewriteRoute(rewriting, at, next);
        break;
      case NAME_SERVERS:
        rewriting.addresses(6, at + UNIT, Number.POSITIVE_INFINITY, next);
        break;
      case REDIRECTED_PACKET:
        rewriting.bytes.fill(0, rewriting.layers.ipv6(rewriting, at + UNIT, next, depth + 1), next);
        break;
      case MTU:
        break;
      default:
        rewriting.bytes.fill(0, at + 2, next);
    }
    at = next;
  }
  return at;
}

/** Replaces a prefix of an address, the rest of which is 0. */
function rewritePrefix(rewriting: Rewriting, at: number, length: number): void {
  rewriting.ipv6(at);
  for (let byte = 0; byte < ADDRESS; byte++) {
    const bits = Math.min(8, Math.max(0, length - byte * 8));
    rewriting.bytes[at + byte] = rewriting.uint8(at + byte) & (0xff00 >>> bits);
  }
}

/** Replaces the prefix of a route, of which 0, 8 or 16 bytes are there. */
function rewriteRoute(rewriting: Rewriting, at: number, end: number): void {
  const whole = new Uint8Array(ADDRESS);
  const given = rewriting.bytes.subarray(at + UNIT, end);
  if (given.length > ADDRESS) {
    given.fill(0);
    return;
  }
  whole.set(given);
  const view = new DataView(whole.buffer);
  const mapped = rewriting.anonymizer.ipv6(view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12));
  for (let word = 0; word < 4; word++) view.setUint32(word * 4, mapped[word] ?? 0);
  const bits = rewriting.uint8(at + 2);
  for (let byte = 0; byte < given.length; byte++) {
    given[byte] = (whole[byte] ?? 0) & (0xff00 >>> Math.min(8, Math.max(0, bits - byte * 8)));
  }
}
