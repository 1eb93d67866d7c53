/** What a column of a table is: its type, the unit of its values, and what it says. */
/**
 * - time: nanoseconds since the epoch, in UTC (TIMESTAMP of Parquet, 64 bits)
 * - address: 16 bytes in network order; an IPv4 address is the last four, behind ten bytes of 0 and two of 255 (RFC 4291, 2.5.5.2)
 * - text: UTF-8
 * - uint8, uint16, uint32: whole numbers without a sign, which Parquet keeps in 32 bits
 * - int64: whole numbers. All counts have this type, because not every reader has a type for larger ones
 */
export type ColumnType = "time" | "address" | "text" | "uint8" | "uint16" | "uint32" | "int64";

/** A column of a table. */
export interface Column {
  /** As the files and SQL have it. */
  readonly name: string;
  readonly type: ColumnType;
  /** Whether a row may have no value. */
  readonly nullable: boolean;
  /** The unit of a number, such as "packets" or "bytes". */
  readonly unit?: string;
  /** Whether files have a Bloom filter of it, for questions about one value. */
  readonly bloom?: true;
  /** What a value says, in the words of docs/fleet.md. */
  readonly description: string;
}

export const ADDRESS_BYTES = 16;
