/**
 * The key of a SYN's tuple: what all packets of one fingerprint have in common. It is told from the bytes without an object:
 * two words, and a hash of 64 bits over these words and the options. Packets of one hash are taken for packets of one tuple;
 * two tuples have the same hash with a chance of 1 in 2^64.
 */
import { uint16 } from "../analysis/ethernet-type.ts";
import type { HeaderColumns } from "../analysis/header-columns.ts";
import { mix } from "../analysis/mix.ts";
import { OptionHash } from "./option-hash.ts";
import {
  QUIRK_ACKNOWLEDGEMENT,
  QUIRK_DF,
  QUIRK_ECN,
  QUIRK_FLOW,
  QUIRK_ID_NOT_ZERO,
  QUIRK_ID_ZERO,
  QUIRK_PSH,
  QUIRK_RESERVED,
  QUIRK_SEQUENCE_ZERO,
  QUIRK_URG,
  QUIRK_URGENT_POINTER,
} from "./quirks.ts";

/** Bits of `traits` beside the quirks. */
export const TRAIT_IPV6 = 1;
/** Two bits: the place of the initial TTL in INITIAL_TTLS. */
export const TRAIT_TTL_SHIFT = 1;
/** Two bits: see NetworkPlace.framing. */
export const TRAIT_FRAMING_SHIFT = 3;
export const TRAIT_CUT = 1 << 5;
export const TRAIT_PAYLOAD = 1 << 6;

export const INITIAL_TTLS = [32, 64, 128, 255] as const;
export const TCP_LENGTH = 20;
export const IPV6_LENGTH = 40;

/** Bits of the first word of IPv4: the congestion bits, and the total length. */
const IPV4_ECN = 0x0003_0000;
const LENGTH = 0xffff;
/** Bits of the second word of IPv4. */
const IPV4_RESERVED = 0x8000;
const IPV4_DF = 0x4000;
/** Bits of the first word of IPv6. */
const IPV6_ECN = 0x0030_0000;
const IPV6_FLOW = 0x000f_ffff;
/** Bits of the word of the TCP header that has its length, its flags and the window. */
const TCP_RESERVED = 0x0f00_0000;
const TCP_ECE_CWR = 0x00c0_0000;
const TCP_URG = 0x0020_0000;
const TCP_PSH = 0x0008_0000;

/** One object serves for all packets. */
export class SynKey {
  /** TRAIT_ and QUIRK_ bits. */
  traits = 0;
  /** The window in the upper half, the words of the TCP header in the next byte, those of the IPv4 header in the lowest. */
  sizes = 0;
  /** Both halves of the hash, signed. */
  hash = 0;
  check = 0;
  readonly #options = new OptionHash();

  /** @returns whether the packet has a key: see FingerprintReport.unreadable. */
  read(columns: HeaderColumns, index: number): boolean {
    const { bytes, view } = columns;
    const at = columns.transport[index] ?? 0;
    const end = columns.headerEnd[index] ?? 0;
    const network = columns.networkHeader[index] ?? 0;
    const isCut = columns.isCut[index] === 1;
    const isWrong = columns.isMalformed[index] === 1 && !isCut;
    if (isWrong || at + TCP_LENGTH > end) return false;

    const first = view.getInt32(network);
    const second = view.getInt32(network + 4);
    const isIpv4 = first >>> 28 === 4;
    // A length of 0 stands for one that the header has no room for.
    if ((isIpv4 ? first & LENGTH : second >>> 16) === 0) return false;
    const ttl = columns.ttl[index] ?? 0;
    let traits = isIpv4 ? ipv4Traits(first, second) : ipv6Traits(first);
    traits |= (ttl <= 32 ? 0 : ttl <= 64 ? 1 : ttl <= 128 ? 2 : 3) << TRAIT_TTL_SHIFT;
    traits |= (columns.framing[index] ?? 0) << TRAIT_FRAMING_SHIFT;
    if (isCut) traits |= TRAIT_CUT;
    if (columns.payloadLength[index] !== 0) traits |= TRAIT_PAYLOAD;
    const word = view.getInt32(at + 12);
    traits |= tcpTraits(view, at, word);
    const headerLength = (word >>> 28) << 2;
    const sizes = (word << 16) | (headerLength << 6) | (isIpv4 ? (first >>> 24) & 0x0f : 0);

    const options = this.#options;
    options.read(bytes, view, at + TCP_LENGTH, Math.min(at + headerLength, end), isCut);
    let hash = options.hash ^ Math.imul(options.values, 0x9e37_79b1);
    let check = options.check + options.values;
    if (!isIpv4 && at !== network + IPV6_LENGTH) {
      const extensions = hashOfExtensions(bytes, network, at);
      hash ^= extensions;
      check += extensions;
    }
    this.traits = traits;
    this.sizes = sizes;
    this.hash = mix(Math.imul(hash ^ traits, 0xc2b2_ae35) ^ sizes) | 0;
    this.check = mix(Math.imul(check ^ sizes, 0x27d4_eb2f) ^ traits) | 0;
    return true;
  }
}

function ipv4Traits(first: number, second: number): number {
  const hasId = second >>> 16 !== 0;
  let traits = 0;
  if ((second & IPV4_DF) !== 0) traits |= hasId ? QUIRK_DF | QUIRK_ID_NOT_ZERO : QUIRK_DF;
  else if (!hasId) traits |= QUIRK_ID_ZERO;
  if ((second & IPV4_RESERVED) !== 0) traits |= QUIRK_RESERVED;
  if ((first & IPV4_ECN) !== 0) traits |= QUIRK_ECN;
  return traits;
}

function ipv6Traits(first: number): number {
  let traits = TRAIT_IPV6;
  if ((first & IPV6_FLOW) !== 0) traits |= QUIRK_FLOW;
  if ((first & IPV6_ECN) !== 0) traits |= QUIRK_ECN;
  return traits;
}

/** @param word the one with the flags */
function tcpTraits(view: DataView, at: number, word: number): number {
  let traits = 0;
  if ((word & TCP_RESERVED) !== 0) traits |= QUIRK_RESERVED;
  if ((word & TCP_ECE_CWR) !== 0) traits |= QUIRK_ECN;
  if ((word & TCP_PSH) !== 0) traits |= QUIRK_PSH;
  if ((word & TCP_URG) !== 0) traits |= QUIRK_URG;
  else if (view.getUint16(at + 18) !== 0) traits |= QUIRK_URGENT_POINTER;
  if (view.getInt32(at + 4) === 0) traits |= QUIRK_SEQUENCE_ZERO;
  if (view.getInt32(at + 8) !== 0) traits |= QUIRK_ACKNOWLEDGEMENT;
  return traits;
}

/** Takes in the kinds and lengths of IPv6's extension headers, which lead from the IPv6 header to `end`. */
function hashOfExtensions(bytes: Uint8Array, network: number, end: number): number {
  let kind = bytes[network + 6] ?? 0;
  let hash = mix(kind);
  for (let at = network + IPV6_LENGTH; at < end; ) {
    hash = mix(hash ^ uint16(bytes, at));
    const length = extensionLength(kind, bytes[at + 1] ?? 0);
    kind = bytes[at] ?? 0;
    at += length;
  }
  return hash;
}

/** Bytes of an extension header of IPv6 (RFC 8200, and RFC 4302 for the authentication header). */
export function extensionLength(kind: number, field: number): number {
  if (kind === 44) return 8;
  return kind === 51 ? (field + 2) * 4 : (field + 1) * 8;
}
