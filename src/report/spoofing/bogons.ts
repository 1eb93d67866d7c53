/**
 * Blocks of addresses that are no sources on the internet: IANA's special-purpose registries (RFC 6890 and what amended it,
 * https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry) as far as they are not globally
 * reachable, and multicast (RFC 5771, RFC 4291).
 */
import { isIpv4 } from "../analysis/addresses.ts";

interface Block {
  readonly block: string;
  readonly what: string;
  readonly prefix: readonly number[];
  readonly bits: number;
}

const IPV4: readonly Block[] = [
  four("0.0.0.0/32", "this host"),
  four("0.0.0.0/8", "this network"),
  four("10.0.0.0/8", "private use"),
  four("100.64.0.0/10", "shared address space of providers"),
  four("127.0.0.0/8", "loopback"),
  four("169.254.0.0/16", "link-local"),
  four("172.16.0.0/12", "private use"),
  four("192.0.0.0/24", "protocol assignments"),
  four("192.0.2.0/24", "documentation"),
  four("192.168.0.0/16", "private use"),
  four("198.18.0.0/15", "benchmarks"),
  four("198.51.100.0/24", "documentation"),
  four("203.0.113.0/24", "documentation"),
  four("224.0.0.0/4", "multicast"),
  four("240.0.0.0/4", "reserved"),
];

/** Each by the words that its bits reach into. */
const IPV6: readonly Block[] = [
  { block: "::/128", what: "unspecified", prefix: [0, 0, 0, 0], bits: 128 },
  { block: "::1/128", what: "loopback", prefix: [0, 0, 0, 1], bits: 128 },
  { block: "100::/64", what: "discard", prefix: [0x0100_0000, 0], bits: 64 },
  { block: "2001:2::/48", what: "benchmarks", prefix: [0x2001_0002, 0], bits: 48 },
  { block: "2001:db8::/32", what: "documentation", prefix: [0x2001_0db8], bits: 32 },
  { block: "3fff::/20", what: "documentation", prefix: [0x3fff_0000], bits: 20 },
  { block: "5f00::/16", what: "segment routing", prefix: [0x5f00_0000], bits: 16 },
  { block: "fc00::/7", what: "unique local", prefix: [0xfc00_0000], bits: 7 },
  { block: "fe80::/10", what: "link-local", prefix: [0xfe80_0000], bits: 10 },
  { block: "ff00::/8", what: "multicast", prefix: [0xff00_0000], bits: 8 },
];

const BLOCKS: readonly Block[] = [...IPV4, ...IPV6];

export const BOGON_BLOCKS: readonly { readonly block: string; readonly what: string }[] = BLOCKS;

const IPV4_PREFIXES = Uint32Array.from(IPV4, ({ prefix }) => prefix[0] ?? 0);
const IPV4_MASKS = Uint32Array.from(IPV4, ({ bits }) => -(2 ** (32 - bits)));
const NONE = 0xff;
/** Some of the addresses with this upper half are in a block. */
const CLOSER = 0xfe;
const BY_UPPER_HALF = upperHalves();

/** @param at place of the first of the address's four words @returns the place of its block in BOGON_BLOCKS; -1 where it has none */
export function bogonOf(words: Uint32Array, at: number): number {
  if (!isIpv4(words, at)) {
    const found = IPV6.findIndex((block) => isWithin(words, at, block));
    return found < 0 ? -1 : IPV4.length + found;
  }
  const address = words[at + 3] ?? 0;
  const found = BY_UPPER_HALF[address >>> 16] ?? NONE;
  if (found < CLOSER) return found;
  return found === NONE ? -1 : closer(address);
}

function closer(address: number): number {
  for (let place = 0; place < IPV4.length; place++) {
    if ((address & (IPV4_MASKS[place] ?? 0)) >>> 0 === IPV4_PREFIXES[place]) return place;
  }
  return -1;
}

function isWithin(words: ArrayLike<number>, at: number, { prefix, bits }: Block): boolean {
  return prefix.every((part, word) => {
    const left = Math.min(32, bits - 32 * word);
    return ((words[at + word] ?? 0) ^ part) >>> (32 - left) === 0;
  });
}

/** For the upper half of each IPv4 address its block, where that is the same for all addresses with it. */
function upperHalves(): Uint8Array {
  const places = new Uint8Array(65_536).fill(NONE);
  for (const [place, block] of [...IPV4.entries()].reverse()) {
    const first = (block.prefix[0] ?? 0) >>> 16;
    if (block.bits > 16) places[first] = CLOSER;
    else places.fill(place, first, first + 2 ** (16 - block.bits));
  }
  return places;
}

function four(block: string, what: string): Block {
  const [address = "", bits = ""] = block.split("/");
  const prefix = address.split(".").reduce((word, byte) => word * 256 + Number(byte), 0);
  return { block, what, prefix: [prefix], bits: Number(bits) };
}
