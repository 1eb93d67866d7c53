/** Rows of times, which follow one another closely as a rule: only their differences are kept. */
import type { EncodedColumn } from "./chunk.ts";
import { type ColumnRows, Levels } from "./column-rows.ts";
import type { ParquetLibrary } from "./library.ts";

const BILLION = 1_000_000_000;
const WORD = 2 ** 32;
/** Seconds from the epoch within which times are nanoseconds of 64 bits. */
const MOST_SECONDS = 9_223_372_036;

export class TimeRows implements ColumnRows {
  readonly #values: BigInt64Array;
  /** Low and high half of each value. */
  readonly #halves: Uint32Array;
  readonly #levels: Levels;
  readonly #isNullable: boolean;
  #count = 0;
  /** Whether no row that was encoded last has a smaller time than the one before it. */
  isAscending = true;

  /** @param most rows of a row group */
  constructor(most: number, isNullable = true) {
    this.#isNullable = isNullable;
    this.#values = new BigInt64Array(most);
    this.#halves = new Uint32Array(this.#values.buffer);
    this.#levels = new Levels(most);
  }

  /** Adds a row. @param has whether it has a time; one that 64 bits cannot hold is none */
  add(has: boolean, seconds: number, nanoseconds: number): void {
    const hasValue = has && seconds > -MOST_SECONDS && seconds < MOST_SECONDS;
    this.#levels.add(hasValue);
    if (hasValue) this.#set(this.#count++, seconds, nanoseconds);
  }

  /** All products are exact: none has more than 53 bits. */
  #set(index: number, seconds: number, nanoseconds: number): void {
    const upper = Math.floor(seconds / 65536);
    const lower = (seconds - upper * 65536) * BILLION + nanoseconds;
    const product = upper * BILLION;
    const high = Math.floor(product / 65536);
    const rest = (product - high * 65536) * 65536 + lower;
    const carry = Math.floor(rest / WORD);
    this.#halves[2 * index] = rest - carry * WORD;
    this.#halves[2 * index + 1] = high + carry;
  }

  encode(library: ParquetLibrary): EncodedColumn {
    const values = this.#values.subarray(0, this.#count);
    const { levels, ...taken } = this.#levels.take();
    const counts = { ...taken, levels: this.#isNullable ? levels : undefined };
    this.#count = 0;
    this.isAscending = true;
    if (values.length === 0) return { ...counts, encoding: "PLAIN", page: new Uint8Array(0) };
    let least = values[0] ?? 0n;
    let greatest = least;
    let previous = least;
    for (const value of values) {
      if (value < previous) this.isAscending = false;
      previous = value;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
    const writer = new library.ByteWriter(8 * values.length);
    library.deltaBinaryPack(writer, values, "INT64");
    return { ...counts, least, greatest, encoding: "DELTA_BINARY_PACKED", page: writer.getBytes() };
  }
}
