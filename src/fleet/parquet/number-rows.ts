/** Rows of whole numbers of up to 32 bits without a sign. */
import { type EncodedColumn, encodePlaces } from "./chunk.ts";
import { type ColumnRows, Levels } from "./column-rows.ts";
import type { ParquetLibrary } from "./library.ts";

/** Numbers below this are looked up in a table, of which a dictionary of this many at most is made. */
const TABLE = 1 << 16;
const MOST_IN_DICTIONARY = 1 << 12;

/** One table serves for all columns, since each is encoded in one go. */
const placeOf = new Int32Array(TABLE).fill(-1);

export class NumberRows implements ColumnRows {
  readonly #values: Uint32Array;
  readonly #levels: Levels;
  readonly #isNullable: boolean;
  #count = 0;

  /** @param most rows of a row group */
  constructor(most: number, isNullable: boolean) {
    this.#values = new Uint32Array(most);
    this.#levels = new Levels(most);
    this.#isNullable = isNullable;
  }

  /** Adds a row. */
  add(value: number | undefined): void {
    this.#levels.add(value !== undefined);
    if (value !== undefined) this.#values[this.#count++] = value;
  }

  /** Adds the rows from one place up to another one. */
  addAll(values: ArrayLike<number>, from: number, to: number): void {
    for (let index = from; index < to; index++) this.#values[this.#count++] = values[index] ?? 0;
    this.#levels.addMany(to - from);
  }

  /** Adds these rows, of which those have a value that `has` says so of. */
  addWhere(values: ArrayLike<number>, has: Uint8Array, from: number, to: number): void {
    const own = this.#values;
    let count = this.#count;
    for (let index = from; index < to; index++) {
      const hasValue = has[index] === 1;
      if (hasValue) own[count++] = values[index] ?? 0;
      this.#levels.add(hasValue);
    }
    this.#count = count;
  }

  encode(library: ParquetLibrary): EncodedColumn {
    const values = this.#values.subarray(0, this.#count);
    this.#count = 0;
    const { levels, ...counts } = this.#levels.take();
    const common = { ...counts, levels: this.#isNullable ? levels : undefined };
    if (values.length === 0) return { ...common, encoding: "PLAIN", page: new Uint8Array(0) };
    let least = values[0] ?? 0;
    let greatest = least;
    for (const value of values) {
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
    return { ...common, least, greatest, ...encodeValues(library, values, greatest) };
  }
}

/** Numbers of few kinds as places in a dictionary, others of up to 16 bits by their differences, and the rest as they are. */
function encodeValues(
  library: ParquetLibrary,
  values: Uint32Array,
  greatest: number,
): Pick<EncodedColumn, "encoding" | "page" | "dictionary"> {
  if (greatest >= TABLE) return { encoding: "PLAIN", page: bytesOf(values) };
  const found: number[] = [];
  const places = new Uint32Array(values.length);
  for (let index = 0; index < values.length && found.length <= MOST_IN_DICTIONARY; index++) {
    const value = values[index] ?? 0;
    let place = placeOf[value] ?? -1;
    if (place < 0) {
      place = found.length;
      placeOf[value] = place;
      found.push(value);
    }
    places[index] = place;
  }
  for (const value of found) placeOf[value] = -1;
  if (found.length > MOST_IN_DICTIONARY || found.length > values.length / 4 + 1) {
    const writer = new library.ByteWriter(4 * values.length);
    library.deltaBinaryPack(writer, new Int32Array(values), "INT32");
    return { encoding: "DELTA_BINARY_PACKED", page: writer.getBytes() };
  }
  const dictionary = { bytes: bytesOf(Uint32Array.from(found)), count: found.length };
  return { encoding: "RLE_DICTIONARY", page: encodePlaces(library, places, found.length), dictionary };
}

/** The bytes of the numbers, which lie in memory as PLAIN has them: little-endian, as every platform of ringcap does. */
export function bytesOf(values: Uint32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
