/** Addresses and networks of the columns as text. */
import { formatIpv4Address, formatIpv6Address } from "../../pcap-parser/index.ts";

const MAPPED = 0xffff;
const bytes = new Uint8Array(16);
const view = new DataView(bytes.buffer);

/** Whether four words are an IPv4 address, as the columns have it. An IPv6 packet with a mapped address has the same. */
export function isIpv4(words: ArrayLike<number>, at: number): boolean {
  return words[at] === 0 && words[at + 1] === 0 && words[at + 2] === MAPPED;
}

/** @param at place of the first of the four words */
export function formatAddress(words: ArrayLike<number>, at: number): string {
  for (let word = 0; word < 4; word++) view.setUint32(4 * word, words[at + word] ?? 0);
  return isIpv4(words, at) ? formatIpv4Address(bytes, 12) : formatIpv6Address(bytes);
}
