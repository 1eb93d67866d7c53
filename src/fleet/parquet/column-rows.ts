/** The rows of one column of a row group that is being filled. */
import type { EncodedColumn } from "./chunk.ts";
import type { ParquetLibrary } from "./library.ts";

export interface ColumnRows {
  /** Returns the rows as they are written, and forgets them. */
  encode(library: ParquetLibrary): EncodedColumn;
}

/** Which rows of a column have a value. */
export class Levels {
  readonly #levels: Uint8Array;
  rows = 0;
  nulls = 0;

  /** @param most rows of a row group */
  constructor(most: number) {
    this.#levels = new Uint8Array(most);
  }

  add(hasValue: boolean): void {
    this.#levels[this.rows++] = hasValue ? 1 : 0;
    if (!hasValue) this.nulls++;
  }

  /** Adds rows that have a value. */
  addMany(count: number): void {
    this.#levels.fill(1, this.rows, this.rows + count);
    this.rows += count;
  }

  /** Returns the levels so far, and begins again. They are valid until the next row. */
  take(): { readonly rows: number; readonly nulls: number; readonly levels: Uint8Array } {
    const { rows, nulls } = this;
    this.rows = 0;
    this.nulls = 0;
    return { rows, nulls, levels: this.#levels.subarray(0, rows) };
  }
}
