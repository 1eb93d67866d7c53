/** Rows of whole numbers of 64 bits, of which those up to 2^53 are exact. */
import type { EncodedColumn } from "./chunk.ts";
import { type ColumnRows, Levels } from "./column-rows.ts";
import type { ParquetLibrary } from "./library.ts";

const LEAST_OF_32_BITS = -(2 ** 31);
const GREATEST_OF_32_BITS = 2 ** 31 - 1;

export class CountRows implements ColumnRows {
  readonly #values: Float64Array;
  readonly #levels: Levels;
  readonly #isNullable: boolean;
  #count = 0;

  /** @param most rows of a row group */
  constructor(most: number, isNullable: boolean) {
    this.#values = new Float64Array(most);
    this.#levels = new Levels(most);
    this.#isNullable = isNullable;
  }

  /** Adds a row. @param value a whole number; undefined: the row has none */
  add(value: number | undefined): void {
    this.#levels.add(value !== undefined);
    if (value !== undefined) this.#values[this.#count++] = value;
  }

  encode(library: ParquetLibrary): EncodedColumn {
    const values = this.#values.subarray(0, this.#count);
    const { levels, ...taken } = this.#levels.take();
    const counts = { ...taken, levels: this.#isNullable ? levels : undefined };
    this.#count = 0;
    if (values.length === 0) return { ...counts, encoding: "PLAIN", page: new Uint8Array(0) };
    let least = values[0] ?? 0;
    let greatest = least;
    for (const value of values) {
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
    const writer = new library.ByteWriter(8 * values.length);
    const are32Bits = least >= LEAST_OF_32_BITS && greatest <= GREATEST_OF_32_BITS;
    // Big integers take many times as long.
    library.deltaBinaryPack(writer, are32Bits ? new Int32Array(values) : BigInt64Array.from(values, BigInt), "INT64");
    const bounds = { least: BigInt(least), greatest: BigInt(greatest) };
    return { ...counts, ...bounds, encoding: "DELTA_BINARY_PACKED", page: writer.getBytes() };
  }
}
