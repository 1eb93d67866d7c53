/** The options of IPv4 headers (RFC 791 section 3.1), some of which hold addresses. */
import { eachOption } from "./options-walk.ts";
import type { Rewriting } from "./rewriting.ts";

const RECORD_ROUTE = 7;
const TIMESTAMP = 68;
const LOOSE_ROUTE = 131;
const STRICT_ROUTE = 137;
const ROUTER_ALERT = 148;

const ADDRESS = 4;
/** Offset of the first address of a route; the byte before it points to the next one, counted from 1. */
const ROUTE = 3;
/** Offset of the first entry of a timestamp option, and bytes of an entry that has an address. */
const ENTRIES = 4;
const ENTRY = 8;
/** The value of the flags of a timestamp option whose entries have no address. */
const TIMES_ALONE = 0;

/** Returns where the last address of a source route is that the packet has not reached yet. */
export function endOfRoute(rewriting: Rewriting, start: number, end: number): number | undefined {
  if (start >= end) return undefined;
  let found: number | undefined;
  eachOption(rewriting, start, end, (type, at, length) => {
    const isRoute = type === LOOSE_ROUTE || type === STRICT_ROUTE;
    if (!isRoute || length < ROUTE + ADDRESS || rewriting.uint8(at + 2) > length) return;
    found ??= at + ROUTE + Math.floor((length - ROUTE) / ADDRESS) * ADDRESS - ADDRESS;
  });
  return found;
}

/** Replaces addresses, and overwrites what is not known. @returns where the whole options end */
export function rewriteIpv4Options(rewriting: Rewriting, start: number, end: number): number {
  if (start >= end) return end;
  return eachOption(rewriting, start, end, (type, at, length) => {
    const optionEnd = at + length;
    switch (type) {
      case RECORD_ROUTE:
      case LOOSE_ROUTE:
      case STRICT_ROUTE:
        if (length >= ROUTE) {
          const next = rewriting.addresses(4, at + ROUTE, Number.POSITIVE_INFINITY, optionEnd);
          rewriting.bytes.fill(0, next, optionEnd);
        }
        return;
      case TIMESTAMP: {
        if (length < ENTRIES || (rewriting.uint8(at + 3) & 0xf) === TIMES_ALONE) return;
        let entry = at + ENTRIES;
        for (; entry + ENTRY <= optionEnd; entry += ENTRY) rewriting.ipv4(entry);
        rewriting.bytes.fill(0, entry, optionEnd);
        return;
      }
      case ROUTER_ALERT:
        return;
      default:
        rewriting.bytes.fill(0, at + 2, optionEnd);
    }
  });
}
