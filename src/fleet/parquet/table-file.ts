/** A Parquet file that is being written. It is called NAME.partial until it is complete and on the disk. */
import { closeSync, fsync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { ParquetWriter, Writer } from "hyparquet-writer";
import { errnoOf, RingcapError } from "../../errors.ts";
import { ringcapVersion } from "../../outputs/application.ts";
import { isThere, PartialFile, syncDirectory } from "../../outputs/partial-file.ts";
import { writeAll } from "../../outputs/write-all.ts";
import { outputError } from "../../pcap-writer/index.ts";
import { ADDRESS_BYTES, type Column } from "../contract/columns.ts";
import type { Table } from "../contract/table.ts";
import { type ColumnChunk, type EncodedColumn, writeChunk } from "./chunk.ts";
import type { ParquetLibrary } from "./library.ts";
import { schemaElementOf } from "./schema-element.ts";

const PRIVATE = 0o700;
const fsyncLater = promisify(fsync);

export class TableFile {
  readonly path: string;
  rows = 0;
  rowGroups = 0;
  readonly #table: Table;
  readonly #library: ParquetLibrary;
  readonly #partial: PartialFile;
  readonly #writer: Writer & { index: number };
  readonly #parquet: ParquetWriter;

  private constructor(path: string, table: Table, library: ParquetLibrary, partial: PartialFile) {
    this.path = path;
    this.#table = table;
    this.#library = library;
    this.#partial = partial;
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

  /**
   * Creates the file, readable and writable for its owner alone, and the directories that it lies in.
   *
   * @param base the directory of all tables @param within the path of the file in it
   * @throws RingcapError OUTPUT, also where there is a file of that name
   */
  static async create(base: string, within: string, table: Table, library: ParquetLibrary): Promise<TableFile> {
    const path = join(base, within);
    await makeDirectories(base, dirname(within));
    if (isThere(path)) throw takenError(path);
    return new TableFile(path, table, library, PartialFile.create(path));
  }

  /** Bytes so far. */
  get bytes(): number {
    return this.#writer.offset;
  }

  /** Writes a row group. @param columns those of the table, in their order @throws RingcapError OUTPUT */
  writeGroup(columns: readonly EncodedColumn[], isInOrderOfTime: boolean): void {
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
    this.#flush();
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

  /** Writes the footer, puts the file on the disk, and gives it its name. @throws RingcapError OUTPUT; nothing is left in that case */
  async finish(): Promise<void> {
    try {
      this.#parquet.finish();
      this.#flush();
      await fsyncLater(this.#partial.fd);
    } catch (error) {
      this.discard();
      throw error instanceof RingcapError ? error : outputError(this.path, error);
    }
    await this.#partial.finish({ finish: async () => {}, release: () => closeSync(this.#partial.fd) });
  }

  /** Removes what was written. */
  discard(): void {
    this.#partial.discard();
  }

  #flush(): void {
    try {
      writeAll(this.#partial.fd, this.#writer.getBytes(), () => {});
    } catch (error) {
      throw outputError(this.path, error);
    }
    this.#writer.index = 0;
  }
}

async function makeDirectories(base: string, within: string): Promise<void> {
  let path = base;
  for (const name of within.split("/")) {
    path = join(path, name);
    try {
      mkdirSync(path, PRIVATE);
      await syncDirectory(path);
    } catch (error) {
      if (errnoOf(error) !== "EEXIST") throw outputError(path, error);
    }
  }
}

function takenError(path: string): RingcapError {
  const operation = `write ${path}`;
  return new RingcapError(`${operation}: there is a file of that name, as these packets have after an earlier export`, {
    code: "OUTPUT",
    operation,
    hint: "remove it first, or export to another directory",
  });
}
