/** Walks through the options of a SYN: the hash of their kinds and lengths, and where the values are. */
import { uint16, uint32 } from "../analysis/ethernet-type.ts";
import { END, isCutOption, isOption, isZero, NO_OPERATION, SCALE, SEGMENT_SIZE, TIMESTAMPS } from "./options.ts";

/** Bytes of the longest options. */
export const OPTIONS_LENGTH = 40;

/** One object serves for all packets. */
export class Layout {
  /** Both halves of 64 bits, signed. */
  hash = 0;
  check = 0;
  /** Offsets of the first values from the beginning of the options; 0 where there is none. */
  segmentSize = 0;
  scale = 0;
  times = 0;
  /** Whether `constant` and the offsets tell all of it: there are no second values, and nothing but zeros behind the end. */
  isPlain = true;
  /** 0xff for each byte of a kind or a length. */
  readonly constant = new Uint8Array(OPTIONS_LENGTH);

  /** @param end of the options that were captured @param isCut whether there are more */
  walk(bytes: Uint8Array, start: number, end: number, isCut: boolean): void {
    this.#begin();
    for (let at = start; at < end; ) {
      const kind = bytes[at] ?? 0;
      if (kind === END) {
        const hasZeros = isZero(bytes, at, end);
        this.isPlain &&= hasZeros;
        this.constant.fill(0xff, at - start, end - start);
        this.#mix(hasZeros ? 0x200 : 0x300);
        return;
      }
      if (kind === NO_OPERATION) {
        this.constant[at - start] = 0xff;
        this.#mix(kind);
        at += 1;
        continue;
      }
      const length = at + 1 < end ? (bytes[at + 1] ?? 0) : 0;
      const isWhole = isOption(kind, length, at, end);
      if (!isWhole && isCut && isCutOption(length, at, end)) return;
      this.constant.fill(0xff, at - start, Math.min(at + 2, end) - start);
      const second = isWhole ? this.#place(bytes, kind, at, start) : 0;
      this.#mix((kind << 24) | (length << 16) | second);
      if (!isWhole) return;
      at += length;
    }
  }

  #begin(): void {
    this.hash = 0x2545_f491;
    this.check = 0x6c07_8965;
    this.segmentSize = 0;
    this.scale = 0;
    this.times = 0;
    this.isPlain = true;
    this.constant.fill(0);
  }

  /** Notes where a value is. @returns the value, of 16 bits, where there is one of its kind already */
  #place(bytes: Uint8Array, kind: number, at: number, start: number): number {
    const offset = at + 2 - start;
    if (kind === SEGMENT_SIZE && this.segmentSize === 0) this.segmentSize = offset;
    else if (kind === SCALE && this.scale === 0) this.scale = offset;
    else if (kind === TIMESTAMPS && this.times === 0) this.times = offset;
    else if (kind === SEGMENT_SIZE || kind === SCALE || kind === TIMESTAMPS) {
      this.isPlain = false;
      if (kind === SEGMENT_SIZE) return uint16(bytes, at + 2);
      if (kind === SCALE) return bytes[at + 2] ?? 0;
      return (uint32(bytes, at + 2) === 0 ? 1 : 0) | (uint32(bytes, at + 6) === 0 ? 2 : 0);
    }
    return 0;
  }

  #mix(word: number): void {
    const hash = Math.imul(this.hash ^ word, 0x9e37_79b1);
    this.hash = hash ^ (hash >>> 15);
    this.check = Math.imul(((this.check << 13) | (this.check >>> 19)) ^ word, 0x85eb_ca6b);
  }
}
