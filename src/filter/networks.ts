/** Addresses and networks, IPv4 and IPv6: "192.0.2.1,2001:db8::/32". */
import { isIPv4, isIPv6 } from "node:net";
import { itemError, type ListItem } from "./lists.ts";

export interface Network {
  ipVersion: 4 | 6;
  /** Four or sixteen bytes, in network byte order. */
  address: Uint8Array;
  /** Bits that count: 32 or 128 for a single address. */
  prefixLength: number;
}

const HINT = "write addresses and networks such as 192.0.2.1,198.51.100.0/24,2001:db8::/32";

/** @throws RingcapError USAGE that names the option and the item */
export function parseNetwork(option: string, item: ListItem): Network {
  const slash = item.text.indexOf("/");
  const text = slash < 0 ? item.text : item.text.slice(0, slash);
  const address = parseAddress(text);
  if (address === undefined) throw itemError(option, item, "is not an IP address", HINT, [text]);
  const bits = address.length * 8;
  const prefixText = slash < 0 ? String(bits) : item.text.slice(slash + 1);
  const prefixLength = Number(prefixText);
  if (!/^\d{1,3}$/.test(prefixText) || prefixLength > bits) {
    throw itemError(option, item, `is not a prefix length from 0 to ${bits}`, HINT, [`/${prefixText}`, "the prefix"]);
  }
  if (hasBitsBehind(address, prefixLength)) {
    throw itemError(option, item, `has bits set behind its prefix of ${prefixLength} bits`, HINT);
  }
  return { ipVersion: bits === 32 ? 4 : 6, address, prefixLength };
}

/** Four or sixteen bytes; undefined for what is no address. Zones ("fe80::1%eth0") are none: packets carry no zone. */
export function parseAddress(text: string): Uint8Array | undefined {
  if (isIPv4(text)) return Uint8Array.from(text.split("."), Number);
  if (!isIPv6(text) || text.includes("%")) return undefined;
  const [left = "", right] = text.split("::");
  const head = wordsOf(left);
  const tail = right === undefined ? [] : wordsOf(right);
  const words = [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
  return Uint8Array.from(words.flatMap((word) => [word >> 8, word & 0xff]));
}

/** The 16-bit words of one side of "::", the last of which may be an IPv4 address (RFC 4291 section 2.2). */
function wordsOf(side: string): number[] {
  if (side === "") return [];
  return side.split(":").flatMap((word) => {
    if (!word.includes(".")) return [Number.parseInt(word, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = word.split(".").map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}

function hasBitsBehind(address: Uint8Array, prefixLength: number): boolean {
  return address.some((byte, index) => {
    const kept = Math.min(8, Math.max(0, prefixLength - index * 8));
    return (byte & (0xff >> kept)) !== 0;
  });
}
