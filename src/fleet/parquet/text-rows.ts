/** Rows of text of few kinds. */
import { type EncodedColumn, encodePlaces } from "./chunk.ts";
import { type ColumnRows, Levels } from "./column-rows.ts";
import type { ParquetLibrary } from "./library.ts";

export class TextRows implements ColumnRows {
  readonly #places: Uint32Array;
  readonly #levels: Levels;
  readonly #isNullable: boolean;
  readonly #texts = new Map<string, number>();
  #count = 0;

  /** @param most rows of a row group */
  constructor(most: number, isNullable: boolean) {
    this.#places = new Uint32Array(most);
    this.#levels = new Levels(most);
    this.#isNullable = isNullable;
  }

  add(text: string | undefined): void {
    this.#levels.add(text !== undefined);
    if (text === undefined) return;
    let place = this.#texts.get(text);
    if (place === undefined) {
      place = this.#texts.size;
      this.#texts.set(text, place);
    }
    this.#places[this.#count++] = place;
  }

  encode(library: ParquetLibrary): EncodedColumn {
    const places = this.#places.subarray(0, this.#count);
    const texts = [...this.#texts.keys()];
    const { levels, ...counts } = this.#levels.take();
    this.#count = 0;
    this.#texts.clear();
    const common = { ...counts, levels: this.#isNullable ? levels : undefined };
    const inOrder = texts.map((text) => Buffer.from(text)).sort(Buffer.compare);
    const [least, greatest] = [inOrder[0], inOrder.at(-1)];
    if (least === undefined || greatest === undefined) return { ...common, encoding: "PLAIN", page: new Uint8Array(0) };
    const writer = new library.ByteWriter();
    for (const text of texts) {
      const bytes = Buffer.from(text);
      writer.appendUint32(bytes.length);
      writer.appendBytes(bytes);
    }
    const dictionary = { bytes: writer.getBytes(), count: texts.length };
    const page = encodePlaces(library, places, texts.length);
    return { ...common, least, greatest, encoding: "RLE_DICTIONARY", page, dictionary };
  }
}
