/**
 * The key of a SYN's tuple: what all packets of one fingerprint have in common. It is told from the bytes, without an
 * object: two words, the options, and a hash of 64 bits over all of it. Packets of one hash are of one tuple; that two
 * tuples of a capture have the same hash has a chance of 1 in 2^64 for each pair.
 */
import { uint16 } from "../analysis/ethernet-type.ts";
import type { HeaderColumns } from "../analysis/header-columns.ts";
import { mix } from "../analysis/mix.ts";
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
const TCP_PSH = 8;
const TCP_URG = 32;
const TCP_ECE_CWR = 0xc0;
/** The congestion bits of IPv4's second byte, and of IPv6's second byte. */
const IPV4_ECN = 0x03;
const IPV6_ECN = 0x30;

export class SynKey {
  /** TRAIT_ and QUIRK_ bits. */
  traits = 0;
  /** The window in the upper half, the words of the TCP header in the next byte, those of the IPv4 header in the lowest. */
  sizes = 0;
  /** Both halves of the hash, signed. */
  hash = 0;
  check = 0;

  /** @returns whether the packet has a key: see FingerprintReport.unreadable. */
  read(columns: HeaderColumns, index: number): boolean {
    const { bytes } = columns;
    const at = columns.transport[index] ?? 0;
    const end = columns.headerEnd[index] ?? 0;
    if (at + TCP_LENGTH > end) return false;
    const isIpv4 = columns.ipVersion[index] === 4;
    const network = columns.networkHeader[index] ?? 0;
    const reserved = bytes[at + 12] ?? 0;
    const headerLength = (reserved >> 4) << 2;
    const stated = uint16(bytes, network + (isIpv4 ? 2 : 4));
    const packetEnd = network + stated + (isIpv4 ? 0 : IPV6_LENGTH);
    const headersEnd = at + headerLength;
    if (headerLength < TCP_LENGTH || headersEnd > packetEnd) return false;

    let traits = isIpv4 ? ipv4Traits(bytes, network) : ipv6Traits(bytes, network);
    const ttl = columns.ttl[index] ?? 0;
    traits |= (ttl <= 32 ? 0 : ttl <= 64 ? 1 : ttl <= 128 ? 2 : 3) << TRAIT_TTL_SHIFT;
    traits |= (columns.framing[index] ?? 0) << TRAIT_FRAMING_SHIFT;
    if (headersEnd > end) traits |= TRAIT_CUT;
    if (packetEnd > headersEnd) traits |= TRAIT_PAYLOAD;
    traits |= tcpTraits(bytes, at, reserved);
    this.traits = traits;
    this.sizes = (uint16(bytes, at + 14) << 16) | (headerLength << 6) | (isIpv4 ? (bytes[network] ?? 0) & 0x0f : 0);
    this.hash = 0x2545_f491;
    this.check = 0x6c07_8965;
    this.#mix(traits);
    this.#mix(this.sizes);
    if (!isIpv4 && at !== network + IPV6_LENGTH) this.#mixExtensions(bytes, network, at);
    this.#mixOptions(bytes, at + TCP_LENGTH, Math.min(headersEnd, end));
    this.hash = mix(this.hash) | 0;
    this.check = mix(this.check) | 0;
    return true;
  }

  #mix(word: number): void {
    const hash = Math.imul(this.hash ^ word, 0x9e37_79b1);
    this.hash = hash ^ (hash >>> 15);
    const check = Math.imul(((this.check << 13) | (this.check >>> 19)) ^ word, 0x85eb_ca6b);
    this.check = check ^ (check >>> 17);
  }

  /** Takes in the kind and the length of each option, and its value where a sender always sends the same. */
  #mixOptions(bytes: Uint8Array, start: number, end: number): void {
    let at = start;
    while (at < end) {
      const kind = bytes[at] ?? 0;
      if (kind === 0) {
        this.#mix(isZero(bytes, at, end) ? 0 : 0x100);
        return;
      }
      if (kind === 1) {
        this.#mix(1);
        at += 1;
        continue;
      }
      const length = at + 1 < end ? (bytes[at + 1] ?? 0) : 0;
      this.#mix((kind << 24) | (length << 16) | optionValue(bytes, at, kind, length, end));
      if (!isOption(kind, length, at, end)) return;
      at += length;
    }
  }

  /** Takes in the kinds and lengths of IPv6's extension headers, which lead from the IPv6 header to `end`. */
  #mixExtensions(bytes: Uint8Array, network: number, end: number): void {
    this.#mix(bytes[network + 6] ?? 0);
    let at = network + IPV6_LENGTH;
    for (let kind = bytes[network + 6] ?? 0; at < end; ) {
      this.#mix(uint16(bytes, at));
      const length = extensionLength(kind, bytes[at + 1] ?? 0);
      kind = bytes[at] ?? 0;
      at += length;
    }
  }
}

/** Bytes of an extension header of IPv6 (RFC 8200, and RFC 4302 for the authentication header). */
export function extensionLength(kind: number, field: number): number {
  if (kind === 44) return 8;
  return kind === 51 ? (field + 2) * 4 : (field + 1) * 8;
}

/** Whether an option that is neither the end nor a no-operation ends in time and has a length that its kind can have. */
export function isOption(kind: number, length: number, at: number, end: number): boolean {
  if (length < 2 || at + length > end) return false;
  switch (kind) {
    case 2:
      return length === 4;
    case 3:
      return length === 3;
    case 4:
      return length === 2;
    case 5:
      return length >= 10 && (length - 2) % 8 === 0;
    case 8:
      return length === 10;
    default:
      return true;
  }
}

/** @returns 16 bits: the segment size, the scale, and of timestamps whether they are 0 */
function optionValue(bytes: Uint8Array, at: number, kind: number, length: number, end: number): number {
  if (!isOption(kind, length, at, end)) return 0;
  if (kind === 2) return uint16(bytes, at + 2);
  if (kind === 3) return bytes[at + 2] ?? 0;
  if (kind !== 8) return 0;
  return (isZero(bytes, at + 2, at + 6) ? 1 : 0) | (isZero(bytes, at + 6, at + 10) ? 2 : 0);
}

function ipv4Traits(bytes: Uint8Array, at: number): number {
  const id = uint16(bytes, at + 4);
  const flags = bytes[at + 6] ?? 0;
  let traits = 0;
  if ((flags & 0x40) !== 0) traits |= id === 0 ? QUIRK_DF : QUIRK_DF | QUIRK_ID_NOT_ZERO;
  else if (id === 0) traits |= QUIRK_ID_ZERO;
  if ((flags & 0x80) !== 0) traits |= QUIRK_RESERVED;
  if (((bytes[at + 1] ?? 0) & IPV4_ECN) !== 0) traits |= QUIRK_ECN;
  return traits;
}

function ipv6Traits(bytes: Uint8Array, at: number): number {
  let traits = TRAIT_IPV6;
  if (((bytes[at + 1] ?? 0) & 0x0f) !== 0 || uint16(bytes, at + 2) !== 0) traits |= QUIRK_FLOW;
  if (((bytes[at + 1] ?? 0) & IPV6_ECN) !== 0) traits |= QUIRK_ECN;
  return traits;
}

function tcpTraits(bytes: Uint8Array, at: number, reserved: number): number {
  const flags = bytes[at + 13] ?? 0;
  let traits = 0;
  if ((reserved & 0x0f) !== 0) traits |= QUIRK_RESERVED;
  if ((flags & TCP_ECE_CWR) !== 0) traits |= QUIRK_ECN;
  if ((flags & TCP_PSH) !== 0) traits |= QUIRK_PSH;
  if ((flags & TCP_URG) !== 0) traits |= QUIRK_URG;
  else if (uint16(bytes, at + 18) !== 0) traits |= QUIRK_URGENT_POINTER;
  if (isZero(bytes, at + 4, at + 8)) traits |= QUIRK_SEQUENCE_ZERO;
  if (!isZero(bytes, at + 8, at + 12)) traits |= QUIRK_ACKNOWLEDGEMENT;
  return traits;
}

export function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 0) return false;
  return true;
}
