/** What an export is of, and what became of it. */

/** A table that is made of packets. */
export type CaptureTable = "packets" | "seconds";
/** A table that is made of files: of captures, or of the lines of `ringcap connections --json`. */
export type ExportedTable = CaptureTable | "connections";

/** What became of an export. */
export interface Exported {
  /** Packets, or lines, that were read and wanted. */
  readonly read: number;
  /** Rows that were written. */
  readonly rows: number;
  /** Parquet files that were written. */
  readonly files: number;
  /** Their bytes. */
  readonly bytes: number;
  /** What is wrong with the files that were read. The table has what could be read of them. */
  readonly faults: readonly unknown[];
}
