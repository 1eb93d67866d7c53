/** The bytes of a Parquet file, which become more with each row group. Where they go is for others. */
import type { ParquetWriter, Writer } from "hyparquet-writer";
import { ringcapVersion } from "../../outputs/application.ts";
import { ADDRESS_BYTES, type Column } from "../contract/columns.ts";
import type { Table } from "../contract/table.ts";
import { type ColumnChunk, type EncodedColumn, writeChunk } from "./chunk.ts";
import type { ParquetLibrary } from "./library.ts";
import { schemaElementOf } from "./schema-element.ts";

export class TableBytes {
  rows = 0;
  rowGroups = 0;
  readonly #table: Table;
  readonly #library: ParquetLibrary;
  readonly #writer: Writer & { index: number };
  readonly #parquet: ParquetWriter;

  constructor(table: Table, library: ParquetLibrary) {
    this.#table = table;
    this.#library = library;
    this.#writer = new library.ByteWriter(1 << 20);
    this.#parquet = new library.ParquetWriter({
      writer: this.#writer,
      schema: [
        { name: table.name, num_children: table.columns.length },
        ...table.columns.map((column) => schemaElementOf(column)),
      ],
      createdBy: `ringcap ${ringcapVersion()}`,
    });
  }

  /** The number of bytes so far. */
  get length(): number {
    return this.#writer.offset;
  }

  /** Adds a row group. @param columns those of the table, in their order */
  addGroup(columns: readonly EncodedColumn[], isInOrderOfTime: boolean): void {
    const rows = columns[0]?.rows ?? 0;
    const start = this.#writer.offset;
    const chunks = this.#table.columns.map((column, index) => {
      const encoded = columns[index];
      if (encoded?.rows !== rows) throw new Error(`the column ${column.name} has other rows than the first one`);
      const chunk = writeChunk(this.#library, this.#writer, column, encoded);
      this.#noteBloomFilter(column, encoded, chunk);
      return chunk;
    });
    const uncompressed = chunks.reduce((sum, { meta_data }) => sum + (meta_data?.total_uncompressed_size ?? 0n), 0n);
    this.#parquet.num_rows += BigInt(rows);
    this.#parquet.row_groups.push({
      columns: chunks,
      total_byte_size: uncompressed,
      num_rows: BigInt(rows),
      total_compressed_size: BigInt(this.#writer.offset - start),
      ...(isInOrderOfTime ? { sorting_columns: [{ column_idx: 0, descending: false, nulls_first: false }] } : {}),
    });
    this.rows += rows;
    this.rowGroups++;
  }

  /** Bloom filters are written in front of the footer. */
  #noteBloomFilter(column: Column, { different }: EncodedColumn, chunk: ColumnChunk): void {
    if (!column.bloom || different === undefined) return;
    const builder = new this.#library.BloomBuilder(schemaElementOf(column));
    for (let at = 0; at < different.length; at += ADDRESS_BYTES)
      builder.insert(different.subarray(at, at + ADDRESS_BYTES));
    const bloomFilter = builder.finalize();
    if (bloomFilter !== undefined) this.#parquet.pendingIndexes.push({ chunk, bloomFilter });
  }

  /** Adds the footer. */
  finish(): void {
    this.#parquet.finish();
  }

  /** Takes the bytes that were not taken before. They are valid until more is added. */
  take(): Uint8Array {
    const bytes = this.#writer.getBytes();
    this.#writer.index = 0;
    return bytes;
  }
}
