/** Columns in the words of hyparquet-writer. */
import type { SchemaElement } from "hyparquet-writer";
import { ADDRESS_BYTES, type Column } from "../contract/columns.ts";

/**
 * The column as the schema of a Parquet file has it (parquet-format, LogicalTypes.md). Numbers without a sign have the older of
 * their two descriptions alone: hyparquet-writer 0.17 writes the width of the newer one as a number of 32 bits, where readers expect 8.
 */
export function schemaElementOf({ name, type, nullable }: Column): SchemaElement {
  const repetition_type = nullable ? "OPTIONAL" : "REQUIRED";
  const common = { name, repetition_type } as const;
  switch (type) {
    case "time":
      // DuckDB keeps nanoseconds of times without a zone alone.
      return { ...common, type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC: false, unit: "NANOS" } };
    case "address":
      return { ...common, type: "FIXED_LEN_BYTE_ARRAY", type_length: ADDRESS_BYTES };
    case "text":
      return { ...common, type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } };
    case "uint8":
      return { ...common, type: "INT32", converted_type: "UINT_8" };
    case "uint16":
      return { ...common, type: "INT32", converted_type: "UINT_16" };
    case "uint32":
      return { ...common, type: "INT32", converted_type: "UINT_32" };
    case "int64":
      return { ...common, type: "INT64" };
  }
}
