/** What some programs write into every SYN, beyond the tuple: numbers that they compute from others, or never change. */
import type { HeaderColumns } from "../analysis/header-columns.ts";

/** Mirai takes the destination address for the sequence number. */
export const MARK_SEQUENCE_IS_DESTINATION = 1;
/** ZMap numbers every IPv4 packet 54321. */
export const MARK_ZMAP_ID = 2;
/** masscan makes the IPv4 identification from the destination address, its port and the sequence number. */
export const MARK_MASSCAN_ID = 4;
export const MARKS = [MARK_SEQUENCE_IS_DESTINATION, MARK_ZMAP_ID, MARK_MASSCAN_ID] as const;

const ZMAP_ID = 54_321;

/** @returns MARK_ bits; 0 for IPv6 */
export function marksOf(columns: HeaderColumns, index: number): number {
  if (columns.ipVersion[index] !== 4) return 0;
  const destination = columns.destination[4 * index + 3] ?? 0;
  const sequence = columns.sequence[index] ?? 0;
  const id = columns.ipId[index] ?? 0;
  let marks = sequence === destination ? MARK_SEQUENCE_IS_DESTINATION : 0;
  if (id === ZMAP_ID) marks |= MARK_ZMAP_ID;
  if (((destination ^ (columns.destinationPort[index] ?? 0) ^ sequence) & 0xffff) === id) marks |= MARK_MASSCAN_ID;
  return marks;
}
