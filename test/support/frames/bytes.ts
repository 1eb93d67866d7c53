/** Byte strings in network order, and the two checksums of the Internet protocols. */

export type Bytes = Uint8Array | readonly number[];

export function concatenate(...parts: readonly Bytes[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

export function u16(value: number): readonly number[] {
  return [(value >>> 8) & 0xff, value & 0xff];
}

export function u32(value: number): readonly number[] {
  return [...u16(value >>> 16), ...u16(value)];
}

export function zeros(length: number): Uint8Array {
  return new Uint8Array(length);
}

/** Appends zeros until the length is a multiple of `unit`. */
export function padTo(unit: number, bytes: Bytes): Uint8Array {
  return concatenate(bytes, zeros((unit - (bytes.length % unit)) % unit));
}

/** A copy of `bytes` with a 16-bit value put at `offset`. */
export function withU16(bytes: Uint8Array, offset: number, value: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set(u16(value), offset);
  return copy;
}

/** The one's complement checksum of RFC 1071, over bytes whose checksum field is zero. */
export function internetChecksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const [index, byte] of bytes.entries()) {
    sum += index % 2 === 0 ? byte << 8 : byte;
  }
  while (sum > 0xffff) {
    sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  }
  return ~sum & 0xffff;
}

/** CRC32c of RFC 9260, appendix A: reflected polynomial 0x82f63b78, all ones before and inverted after. */
export function crc32c(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) {
    remainder ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      remainder = remainder & 1 ? (remainder >>> 1) ^ 0x82f63b78 : remainder >>> 1;
    }
  }
  return ~remainder >>> 0;
}
