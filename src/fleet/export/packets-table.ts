/** The packets table, as it is made of packets. */
import type { HeaderColumns } from "../../report/analysis/header-columns.ts";
import { PACKETS } from "../contract/packets.ts";
import { ROW_GROUP_ROWS } from "../contract/table.ts";
import { fileNameOf } from "../file-name.ts";
import { Days } from "./days.ts";
import type { PacketTable } from "./packet-export.ts";
import { PacketRows } from "./packet-rows.ts";
import { Presence } from "./presence.ts";
import { TableFiles } from "./table-files.ts";

export class PacketsTable implements PacketTable {
  readonly #files: TableFiles<PacketRows>;
  readonly #presence = new Presence();
  readonly #days = new Days();

  private constructor(files: TableFiles<PacketRows>) {
    this.#files = files;
  }

  /**
   * @param directory of all tables @param host as hostInPath() writes it @param rowGroupRows rows of a row group
   * @throws RingcapError INSTALLATION
   */
  static async open(directory: string, host: string, rowGroupRows = ROW_GROUP_ROWS): Promise<PacketsTable> {
    const makeRows = () => new PacketRows(rowGroupRows);
    return new PacketsTable(await TableFiles.open({ directory, host, table: PACKETS, makeRows }));
  }

  async add(columns: HeaderColumns, interfaces: readonly (string | undefined)[]): Promise<void> {
    const { days } = this.#days;
    this.#presence.fill(columns);
    this.#days.fill(columns);
    for (let from = 0; from < columns.count; ) {
      const day = days[from] ?? 0;
      const begin = () => fileNameOf(columns.seconds[from] ?? 0, columns.nanoseconds[from] ?? 0);
      const rows = await this.#files.rowsOf(day, begin);
      const end = Math.min(columns.count, from + rows.room);
      let to = from + 1;
      while (to < end && days[to] === day) to++;
      rows.add(columns, this.#presence, interfaces, from, to);
      if (rows.room === 0) await this.#files.flush(day);
      from = to;
    }
  }

  get files(): number {
    return this.#files.files;
  }

  get rows(): number {
    return this.#files.rows;
  }

  get bytes(): number {
    return this.#files.bytes;
  }

  close(): Promise<void> {
    return this.#files.close();
  }

  discard(): void {
    this.#files.discard();
  }
}
