/** The rows of a table whose rows are few: each comes as an object with a value for each column. */
import type { Column } from "../contract/columns.ts";
import type { Table } from "../contract/table.ts";
import { AddressRows } from "./address-rows.ts";
import type { EncodedColumn } from "./chunk.ts";
import type { ColumnRows } from "./column-rows.ts";
import { CountRows } from "./count-rows.ts";
import type { ParquetLibrary } from "./library.ts";
import { NumberRows } from "./number-rows.ts";
import { TextRows } from "./text-rows.ts";
import { TimeRows } from "./time-rows.ts";

/** Seconds since the epoch, and nanoseconds of the second. */
export interface RecordTime {
  readonly seconds: number;
  readonly nanoseconds: number;
}

export type RecordValue = RecordTime | Uint8Array | string | number | null | undefined;
/** By the names of the columns. */
export type TableRecord = Readonly<Record<string, RecordValue>>;

/** Rows of a row group. */
const MOST = 16_384;

interface RecordColumn {
  readonly name: string;
  readonly rows: ColumnRows;
  readonly add: (value: RecordValue) => void;
}

export class RecordRows {
  readonly #columns: readonly RecordColumn[];
  #time: TimeRows | undefined;
  count = 0;

  constructor({ columns }: Table) {
    this.#columns = columns.map((column) => this.#column(column));
  }

  get room(): number {
    return MOST - this.count;
  }

  /** Adds a row. What is null or undefined has no value. */
  add(record: TableRecord): void {
    for (const { name, add } of this.#columns) add(record[name]);
    this.count++;
  }

  encode(library: ParquetLibrary): { readonly columns: readonly EncodedColumn[]; readonly isInOrderOfTime: boolean } {
    this.count = 0;
    const columns = this.#columns.map(({ rows }) => rows.encode(library));
    return { columns, isInOrderOfTime: this.#time?.isAscending ?? false };
  }

  #column({ name, type, nullable }: Column): RecordColumn {
    switch (type) {
      case "time": {
        const rows = new TimeRows(MOST, nullable);
        this.#time ??= rows;
        return { name, rows, add: (value) => addTime(rows, value) };
      }
      case "address": {
        const rows = new AddressRows(MOST, nullable);
        return { name, rows, add: (value) => rows.add(value instanceof Uint8Array ? value : undefined) };
      }
      case "text": {
        const rows = new TextRows(MOST, nullable);
        return { name, rows, add: (value) => rows.add(typeof value === "string" ? value : undefined) };
      }
      case "int64": {
        const rows = new CountRows(MOST, nullable);
        return { name, rows, add: (value) => rows.add(typeof value === "number" ? value : undefined) };
      }
      default: {
        const rows = new NumberRows(MOST, nullable);
        return { name, rows, add: (value) => rows.add(typeof value === "number" ? value : undefined) };
      }
    }
  }
}

function addTime(rows: TimeRows, value: RecordValue): void {
  if (typeof value === "object" && value !== null && "seconds" in value)
    rows.add(true, value.seconds, value.nanoseconds);
  else rows.add(false, 0, 0);
}
