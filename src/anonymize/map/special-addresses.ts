/**
 * The addresses that belong to no host. Everybody knows them by their role, and what they were mapped to would tell how
 * the addresses of hosts with the same prefix are mapped.
 */

/** Bits of an IPv4 address that are not mapped, as a mask. */
export function keptBitsOfIpv4(address: number): number {
  const first = address >>> 24;
  // Loopback, the unspecified address, and the broadcast of the local network.
  if (first === 127 || address === 0 || address === 0xffff_ffff) return 0xffff_ffff;
  if (first >>> 4 !== 0xe) return 0;
  // Local network control and internetwork control (RFC 5771) are groups that everybody has. Other groups stay groups.
  return address >>> 8 === 0xe0_0000 || address >>> 8 === 0xe0_0001 ? 0xffff_ffff : 0xf000_0000;
}

/** Bits of a multicast address that are not known before its low ones: the low ones of a solicited-node address. */
const LOW_24_BITS = 0xff_ffff;

const ALL = 0xffff_ffff;
const kept = new Uint32Array(4);

/** Bits of an IPv6 address that are not mapped, as four words, valid until the next call. */
export function keptBitsOfIpv6(a: number, b: number, c: number, d: number): Uint32Array {
  // The unspecified address and loopback.
  if (a === 0 && b === 0 && c === 0 && d <= 1) return kept.fill(ALL);
  if (a >>> 24 !== 0xff) return kept.fill(0);
  // The flag T marks groups that nobody assigned (RFC 4291 section 2.7): they hold prefixes of networks (RFC 3306).
  const isAssigned = ((a >>> 20) & 0xf) === 0;
  kept.fill(isAssigned ? ALL : 0);
  if (!isAssigned) kept[0] = 0xffff_0000;
  // A solicited-node address ends with the end of a host's address, and ff02::2:ff00:0/104 with the hash of its name.
  else if (d >>> 24 === 0xff) kept[3] = ~LOW_24_BITS;
  return kept;
}
