/** Addresses as text. */
import { uint8, uint16 } from "./read.ts";

const HEX = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, "0"));

function hexPair(bytes: Uint8Array, offset: number): string {
  return HEX[uint8(bytes, offset)] ?? "";
}

/** Bytes as colon-separated lower-case hexadecimal pairs, as IEEE 802 addresses are written: `02:00:00:00:00:01`. */
export function formatHardwareAddress(bytes: Uint8Array, offset = 0, length = 6): string {
  if (length === 6) {
    const first = `${hexPair(bytes, offset)}:${hexPair(bytes, offset + 1)}:${hexPair(bytes, offset + 2)}`;
    return `${first}:${hexPair(bytes, offset + 3)}:${hexPair(bytes, offset + 4)}:${hexPair(bytes, offset + 5)}`;
  }
  const pairs: string[] = [];
  for (let at = offset; at < offset + length; at++) pairs.push(hexPair(bytes, at));
  return pairs.join(":");
}

/** Bytes as lower-case hexadecimal digits, without separators. */
export function formatHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte] ?? "";
  return text;
}

/** Four bytes from `offset` as dotted decimal: `192.0.2.1`. */
export function formatIpv4Address(bytes: Uint8Array, offset = 0): string {
  return `${uint8(bytes, offset)}.${uint8(bytes, offset + 1)}.${uint8(bytes, offset + 2)}.${uint8(bytes, offset + 3)}`;
}

/**
 * Sixteen bytes from `offset` in the canonical form of RFC 5952: lower case, no leading zeros, the first of the longest
 * runs of two or more zero groups as `::`, IPv4-mapped addresses (`::ffff:0:0/96`) with a dotted tail.
 */
export function formatIpv6Address(bytes: Uint8Array, offset = 0): string {
  const groups: number[] = [];
  for (let index = 0; index < 8; index++) groups.push(uint16(bytes, offset + 2 * index));

  if (groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)) {
    return `::ffff:${formatIpv4Address(bytes, offset + 12)}`;
  }

  const run = longestZeroRun(groups);
  if (run.length < 2) return joinGroups(groups);
  return `${joinGroups(groups.slice(0, run.start))}::${joinGroups(groups.slice(run.start + run.length))}`;
}

function joinGroups(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(":");
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let length = 0;
  groups.forEach((group, index) => {
    length = group === 0 ? length + 1 : 0;
    if (length > best.length) best = { start: index - length + 1, length };
  });
  return best;
}
