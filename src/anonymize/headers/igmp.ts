/** IGMP (RFC 2236 and RFC 3376), which holds groups and their sources. */
import type { Rewriting } from "./rewriting.ts";

const QUERY = 0x11;
const REPORT_3 = 0x22;
const KNOWN_TYPES: ReadonlySet<number> = new Set([QUERY, 0x12, 0x16, 0x17, REPORT_3]);
const HEADER = 8;
const CHECKSUM = 2;
const QUERY_3_HEADER = 12;
const ADDRESS = 4;

/** @returns where the kept bytes end */
export function rewriteIgmp(rewriting: Rewriting, at: number, end: number): number {
  const type = rewriting.uint8(at);
  if (end - at < HEADER || !KNOWN_TYPES.has(type)) return rewriting.cut(at);
  const before = rewriting.sum(at, end);
  const keptEnd = type === REPORT_3 ? rewriteRecords(rewriting, at, end) : rewriteGroup(rewriting, at, end);
  rewriting.repair(at + CHECKSUM, before, rewriting.sum(at, end));
  return keptEnd;
}

function rewriteGroup(rewriting: Rewriting, at: number, end: number): number {
  rewriting.ipv4(at + 4);
  if (rewriting.uint8(at) !== QUERY || end - at < QUERY_3_HEADER) return at + HEADER;
  return rewriting.addresses(4, at + QUERY_3_HEADER, rewriting.uint16(at + 10), end);
}

function rewriteRecords(rewriting: Rewriting, at: number, end: number): number {
  return rewriteGroupRecords(rewriting, 4, at + HEADER, end, rewriting.uint16(at + 6));
}

/**
 * Replaces the groups and sources of the records of IGMPv3 and MLDv2 (RFC 3810 section 5.2).
 *
 * @returns where the whole records end
 */
export function rewriteGroupRecords(
  rewriting: Rewriting,
  version: 4 | 6,
  start: number,
  end: number,
  records: number,
): number {
  const length = version === 4 ? ADDRESS : 4 * ADDRESS;
  let at = start;
  for (let left = records; left > 0 && at + 4 + length <= end; left--) {
    const auxiliary = rewriting.uint8(at + 1) * 4;
    const sources = rewriting.uint16(at + 2);
    const addresses = at + 4;
    const addressesEnd = rewriting.addresses(version, addresses, 1 + sources, end);
    if (addressesEnd < addresses + (1 + sources) * length) return addressesEnd;
    at = Math.min(addressesEnd + auxiliary, end);
    rewriting.bytes.fill(0, addressesEnd, at);
  }
  return at;
}
