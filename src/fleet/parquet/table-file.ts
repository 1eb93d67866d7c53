/** A Parquet file that is being written. It is called NAME.partial until it is complete and on the disk. */
import { closeSync, fsync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { RingcapError } from "../../errors.ts";
import { isThere, PartialFile } from "../../outputs/partial-file.ts";
import { writeAll } from "../../outputs/write-all.ts";
import { outputError } from "../../pcap-writer/index.ts";
import type { Table } from "../contract/table.ts";
import { makeTableDirectories } from "../table-directories.ts";
import type { EncodedColumn } from "./chunk.ts";
import type { ParquetLibrary } from "./library.ts";
import { TableBytes } from "./table-bytes.ts";

const fsyncLater = promisify(fsync);

export class TableFile {
  readonly path: string;
  readonly #partial: PartialFile;
  readonly #bytes: TableBytes;

  private constructor(path: string, bytes: TableBytes, partial: PartialFile) {
    this.path = path;
    this.#bytes = bytes;
    this.#partial = partial;
  }

  /**
   * Creates the file, readable and writable for its owner alone, and the directories that it lies in.
   *
   * @param base the directory of all tables @param within the path of the file in it
   * @throws RingcapError OUTPUT, also where there is a file of that name
   */
  static async create(base: string, within: string, table: Table, library: ParquetLibrary): Promise<TableFile> {
    const path = join(base, within);
    await makeTableDirectories(base, dirname(within));
    if (isThere(path)) throw takenError(path);
    return new TableFile(path, new TableBytes(table, library), PartialFile.create(path));
  }

  get rows(): number {
    return this.#bytes.rows;
  }

  get rowGroups(): number {
    return this.#bytes.rowGroups;
  }

  /** Bytes so far. */
  get bytes(): number {
    return this.#bytes.length;
  }

  /** Writes a row group. @param columns those of the table, in their order @throws RingcapError OUTPUT */
  writeGroup(columns: readonly EncodedColumn[], isInOrderOfTime: boolean): void {
    this.#bytes.addGroup(columns, isInOrderOfTime);
    this.#flush();
  }

  /** Where the file lies until it has its name. */
  get partialPath(): string {
    return this.#partial.partialPath;
  }

  /** Writes the footer, puts the file on the disk, and gives it its name. @throws RingcapError OUTPUT; nothing is left in that case */
  async finish(): Promise<void> {
    await this.complete();
    await this.#partial.finish({ finish: async () => {}, release: () => closeSync(this.#partial.fd) });
  }

  /** Writes the footer, and puts the file on the disk. @throws RingcapError OUTPUT; nothing is left in that case */
  async complete(): Promise<void> {
    try {
      this.#bytes.finish();
      this.#flush();
      await fsyncLater(this.#partial.fd);
    } catch (error) {
      this.discard();
      throw error instanceof RingcapError ? error : outputError(this.path, error);
    }
  }

  /** Closes a complete file, and leaves it at its partial path for whoever gives it its name. */
  leave(): void {
    this.#partial.leave();
  }

  /** Removes what was written. */
  discard(): void {
    this.#partial.discard();
  }

  #flush(): void {
    try {
      writeAll(this.#partial.fd, this.#bytes.take(), () => {});
    } catch (error) {
      throw outputError(this.path, error);
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
