/** Options of pcapng blocks: draft-ietf-opsawg-pcapng, section 3.5. */

export interface BlockOption {
  /** The code of the option, whose meaning depends on the block; 1 is a comment in all of them. */
  readonly code: number;
  /** The value without its padding: a view, valid as long as its block is. */
  readonly value: Uint8Array;
}

const END_OF_OPTIONS = 0;
const COMMENT = 1;
const OPTION_HEADER_LENGTH = 4;
const decoder = new TextDecoder();

export function padTo4(length: number): number {
  return (length + 3) & ~3;
}

/**
 * Decodes UTF-8 up to the first NUL, which some programs write behind the text. escapeText() makes the result safe to
 * print.
 */
export function decodeText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decoder.decode(end === -1 ? bytes : bytes.subarray(0, end));
}

/**
 * The options of one block in their order, which are decoded when they are asked for. An option may come more than
 * once, and the methods that return one value return the first. A value whose length does not suit the method is
 * undefined.
 */
export class BlockOptions implements Iterable<BlockOption> {
  /** The bytes as they are in the file, from the first option on. */
  readonly bytes: Uint8Array;
  /** The byte order of the numbers in the values. */
  readonly littleEndian: boolean;

  /** @internal */
  constructor(bytes: Uint8Array, littleEndian: boolean) {
    this.bytes = bytes;
    this.littleEndian = littleEndian;
  }

  *[Symbol.iterator](): Generator<BlockOption> {
    const { bytes, littleEndian } = this;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    while (at + OPTION_HEADER_LENGTH <= bytes.length) {
      const code = view.getUint16(at, littleEndian);
      const length = view.getUint16(at + 2, littleEndian);
      const start = at + OPTION_HEADER_LENGTH;
      if (code === END_OF_OPTIONS || start + length > bytes.length) return;
      yield { code, value: bytes.subarray(start, start + length) };
      at = start + padTo4(length);
    }
  }

  /** Yields the values of all options with the code: views, valid as long as the block is. */
  *values(code: number): Generator<Uint8Array> {
    for (const option of this) if (option.code === code) yield option.value;
  }

  /** Returns the value of the first option with the code. */
  value(code: number): Uint8Array | undefined {
    for (const value of this.values(code)) return value;
    return undefined;
  }

  /** Returns the text of an option as it is in the file. escapeText() makes it safe to print. */
  text(code: number): string | undefined {
    const value = this.value(code);
    return value === undefined ? undefined : decodeText(value);
  }

  /** Returns the value as a number, where it is one byte. */
  uint8(code: number): number | undefined {
    return this.#number(code, 1)?.getUint8(0);
  }

  /** Returns the value as a number without a sign, where it is four bytes. */
  uint32(code: number): number | undefined {
    return this.#number(code, 4)?.getUint32(0, this.littleEndian);
  }

  /** Returns the value as a number without a sign, where it is eight bytes. */
  uint64(code: number): bigint | undefined {
    return this.#number(code, 8)?.getBigUint64(0, this.littleEndian);
  }

  /** Returns the value as a number with a sign, where it is eight bytes. */
  int64(code: number): bigint | undefined {
    return this.#number(code, 8)?.getBigInt64(0, this.littleEndian);
  }

  /**
   * The texts of opt_comment, which every block may have, and more than once. escapeText() makes them safe to print.
   */
  get comments(): string[] {
    return Array.from(this.values(COMMENT), decodeText);
  }

  #number(code: number, length: number): DataView | undefined {
    const value = this.value(code);
    if (value?.length !== length) return undefined;
    return new DataView(value.buffer, value.byteOffset, value.byteLength);
  }
}

/**
 * Finds the first option of a code in bytes that were checked, without an object for each option.
 *
 * @param from offset of the first option
 * @returns the offset of its value; -1 where there is no such option
 */
export function findOption(bytes: Uint8Array, from: number, end: number, littleEndian: boolean, code: number): number {
  const [low, high] = littleEndian ? [0, 1] : [1, 0];
  const uint16 = (at: number) => (bytes[at + low] ?? 0) | ((bytes[at + high] ?? 0) << 8);
  for (let at = from; at + OPTION_HEADER_LENGTH <= end; at += OPTION_HEADER_LENGTH + padTo4(uint16(at + 2))) {
    const found = uint16(at);
    if (found === code) return at + OPTION_HEADER_LENGTH;
    if (found === END_OF_OPTIONS) return -1;
  }
  return -1;
}

/** A number of eight bytes as nearly as a double holds it. */
export function readUint64(bytes: Uint8Array, at: number, littleEndian: boolean): number {
  const { buffer, byteOffset } = bytes;
  return Number(new DataView(buffer, byteOffset + at, 8).getBigUint64(0, littleEndian));
}

export const NO_OPTIONS = new BlockOptions(new Uint8Array(0), true);

export interface OptionFault {
  /** The offset of the fault, counted as `start` is. */
  readonly offset: number;
  readonly message: string;
}

/** Lengths in bytes that some options of a block must have, by the code of the option. */
export type OptionLengths = Readonly<Record<number, number>>;

const NO_LENGTHS: OptionLengths = {};

/**
 * Checks options without decoding them.
 *
 * @param start offset of the first option
 * @param end offset of the end of the block's body
 * @returns what is wrong with the options, or undefined if nothing is
 */
export function checkOptions(
  view: DataView,
  start: number,
  end: number,
  littleEndian: boolean,
  lengths: OptionLengths = NO_LENGTHS,
): OptionFault | undefined {
  let at = start;
  while (at < end) {
    if (at + OPTION_HEADER_LENGTH > end) return { offset: at, message: "an option header does not fit its block" };
    const code = view.getUint16(at, littleEndian);
    const length = view.getUint16(at + 2, littleEndian);
    if (at + OPTION_HEADER_LENGTH + length > end) {
      return { offset: at + 2, message: `option ${code} of ${length} bytes does not fit its block` };
    }
    if (code === END_OF_OPTIONS) return undefined;
    const wanted = lengths[code];
    if (wanted !== undefined && wanted !== length) {
      return { offset: at + 2, message: `option ${code} has ${length} bytes instead of ${wanted}` };
    }
    at += OPTION_HEADER_LENGTH + padTo4(length);
  }
  return undefined;
}
