/** What is asked, and what is answered. */
import type { TableName } from "../contract/table.ts";

/** A value of an answer. Whole numbers beyond 2^53 are text. */
export type AnswerValue = null | boolean | number | string | AnswerValue[] | { [name: string]: AnswerValue };

/** An answer: its columns and its rows. */
export interface Answer {
  /** The names of the columns. */
  readonly names: readonly string[];
  /** Some thousand at a time. */
  readonly rows: AsyncIterable<readonly (readonly AnswerValue[])[]>;
}

/** A file or a directory that no question reads. */
export interface LeftOut {
  /** Within the directory of the tables. */
  readonly path: string;
  /** A part of a sentence, such as "it is no whole Parquet file". */
  readonly reason: string;
}

/** The tables of a directory, to which questions are put. openTables() opens them, with the files that are there then. */
export interface FleetTables {
  /** The tables of which the directory has files. */
  readonly tables: readonly TableName[];
  /** What lies at the paths of tables, and is no table or one with other columns. */
  readonly leftOut: readonly LeftOut[];
  /** Asks one SELECT. @throws RingcapError USAGE for what is not one SELECT, or is wrong */
  ask(sql: string): Promise<Answer>;
  /** Ends the question that is being answered. */
  interrupt(): void;
  /** Lets go of DuckDB. No question can be asked then. */
  close(): void;
}
