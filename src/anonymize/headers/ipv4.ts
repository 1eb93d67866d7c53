/** IPv4 headers (RFC 791). */
import { rewriteCarried } from "./carried.ts";
import { type Carried, MOST_DEPTH } from "./ip-protocols.ts";
import { endOfRoute, rewriteIpv4Options } from "./ipv4-options.ts";
import type { Rewriting } from "./rewriting.ts";
import { identificationOf, tellsDestination } from "./told-addresses.ts";

const HEADER = 20;
const IDENTIFICATION = 4;
const CHECKSUM = 10;
const SOURCE = 12;
const DESTINATION = 16;
const ADDRESS = 4;

/** @returns where the kept bytes end; `at` where there is no whole header */
export function rewriteIpv4(rewriting: Rewriting, at: number, end: number, depth: number): number {
  if (depth > MOST_DEPTH || end - at < HEADER || rewriting.uint8(at) >>> 4 !== 4) return rewriting.cut(at);
  const headerEnd = at + (rewriting.uint8(at) & 0xf) * 4;
  const total = rewriting.uint16(at + 2);
  if (headerEnd < at + HEADER || (total !== 0 && at + total < headerEnd)) return rewriting.cut(at);

  const optionsEnd = Math.min(headerEnd, end);
  // The sum comes first: to step through options overwrites what follows their end.
  const headerBefore = rewriting.sum(at + SOURCE, optionsEnd);
  // The pseudo header has the destination that a source route ends with (RFC 1122 section 4.2.3.8).
  const destination = endOfRoute(rewriting, at + HEADER, optionsEnd) ?? at + DESTINATION;
  const before = sumOfPair(rewriting, at + SOURCE, destination);
  const [oldSource, oldDestination] = pairOf(rewriting, at);
  rewriting.ipv4(at + SOURCE);
  rewriting.ipv4(at + DESTINATION);
  const keptEnd = rewriteIpv4Options(rewriting, at + HEADER, optionsEnd);
  rewriting.repair(at + CHECKSUM, headerBefore, rewriting.sum(at + SOURCE, optionsEnd));
  if (keptEnd < headerEnd) return keptEnd;

  const place = rewriting.uint16(at + 6);
  const [newSource, newDestination] = pairOf(rewriting, at);
  const carried: Carried = {
    version: 4,
    protocol: rewriting.uint8(at + 9),
    at: headerEnd,
    end: total === 0 ? end : Math.min(end, at + total),
    length: total === 0 ? 0 : at + total - headerEnd,
    isFragment: (place & 0x3fff) !== 0,
    isLaterFragment: (place & 0x1fff) !== 0,
    before,
    after: sumOfPair(rewriting, at + SOURCE, destination),
    told: {
      source: { before: oldSource, after: newSource },
      destination: { before: oldDestination, after: newDestination },
    },
    depth,
  };
  const id = rewriting.uint16(at + IDENTIFICATION);
  const isTelling = tellsDestination(rewriting, carried, id, oldDestination);
  const carriedEnd = rewriteCarried(rewriting, carried);
  if (isTelling) {
    const other = identificationOf(rewriting, headerEnd, newDestination);
    rewriting.view.setUint16(at + IDENTIFICATION, other);
    rewriting.repair(at + CHECKSUM, id, other);
  }
  return carriedEnd;
}

/** The source and the destination as numbers. */
function pairOf({ view }: Rewriting, at: number): readonly [source: number, destination: number] {
  return [view.getUint32(at + SOURCE), view.getUint32(at + DESTINATION)];
}

function sumOfPair(rewriting: Rewriting, source: number, destination: number): number {
  return rewriting.sum(source, source + ADDRESS) + rewriting.sum(destination, destination + ADDRESS);
}
