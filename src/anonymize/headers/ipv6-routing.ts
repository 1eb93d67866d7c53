/** Routing headers of IPv6, which hold the addresses of a route. */
import type { PseudoAddresses } from "./ip-protocols.ts";
import type { Rewriting } from "./rewriting.ts";

/** RFC 5095, RFC 6275 section 6.4 and RFC 8754. */
const SOURCE_ROUTE = 0;
const HOME_ADDRESS = 2;
const SEGMENTS = 4;

const FIXED = 8;
const ADDRESS = 16;

/** Replaces the addresses of a route, and overwrites what is not known. */
export function rewriteRouting(rewriting: Rewriting, at: number, end: number, pseudo: PseudoAddresses): void {
  const type = rewriting.uint8(at + 2);
  const isKnown = type === SOURCE_ROUTE || type === HOME_ADDRESS || type === SEGMENTS;
  const room = Math.floor((end - at - FIXED) / ADDRESS);
  const stated = type === SEGMENTS ? rewriting.uint8(at + 4) + 1 : room;
  const count = isKnown ? Math.min(room, stated) : 0;
  const first = at + FIXED;
  // The pseudo header has the destination that the route ends with. Segments stand in reverse order.
  const last = type === SEGMENTS ? first : first + (count - 1) * ADDRESS;
  const isOnItsWay = count > 0 && rewriting.uint8(at + 3) > 0;
  if (isOnItsWay) pseudo.destinationBefore = rewriting.sum(last, last + ADDRESS);
  const next = rewriting.addresses(6, first, count, end);
  if (isOnItsWay) pseudo.destinationAfter = rewriting.sum(last, last + ADDRESS);
  rewriting.bytes.fill(0, isKnown ? next : at + 4, end);
}
