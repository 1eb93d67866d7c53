/** Writes the chunk of a column: a dictionary, if it has one, and one page (parquet-format, Encodings.md and README.md). */
import type { ParquetWriter, Writer } from "hyparquet-writer";
import type { Column } from "../contract/columns.ts";
import type { ParquetLibrary } from "./library.ts";
import { schemaElementOf } from "./schema-element.ts";

export type ColumnChunk = ParquetWriter["row_groups"][number]["columns"][number];
type Bound = number | bigint | string | Uint8Array;

/** The values of a column in a row group. */
export interface EncodedColumn {
  readonly encoding: "PLAIN" | "RLE_DICTIONARY" | "DELTA_BINARY_PACKED";
  /** Of the rows that have a value. */
  readonly page: Uint8Array;
  /** The values that a page of places in a dictionary names, as PLAIN has them. */
  readonly dictionary?: { readonly bytes: Uint8Array; readonly count: number } | undefined;
  readonly rows: number;
  readonly nulls: number;
  /** Of a column that may have none: 1 for each row that has a value, else 0. */
  readonly levels?: Uint8Array | undefined;
  /** Undefined where no row has a value. */
  readonly least?: Bound | undefined;
  readonly greatest?: Bound | undefined;
  /** Of addresses: the different ones, one after the other. */
  readonly different?: Uint8Array | undefined;
}

const CODEC = "SNAPPY";

/** @returns what the footer says of the chunk */
export function writeChunk(
  library: ParquetLibrary,
  writer: Writer,
  column: Column,
  encoded: EncodedColumn,
): ColumnChunk {
  const { encoding, page, dictionary, rows, nulls, levels, least, greatest } = encoded;
  if (levels === undefined && nulls > 0) throw new Error(`a row has no value of the column ${column.name}`);
  const start = writer.offset;
  let uncompressed = 0;
  if (dictionary !== undefined) {
    const { bytes, count } = dictionary;
    const compressed = library.snappyCompress(bytes);
    uncompressed += writePage(library, writer, {
      type: "DICTIONARY_PAGE",
      uncompressed_page_size: bytes.length,
      compressed_page_size: compressed.length,
      dictionary_page_header: { num_values: count, encoding: "PLAIN" },
    });
    writer.appendBytes(compressed);
  }
  const pageStart = writer.offset;
  const levelBytes = levels === undefined ? NO_BYTES : encodeLevels(library, levels);
  const compressed = library.snappyCompress(page);
  uncompressed += writePage(library, writer, {
    type: "DATA_PAGE_V2",
    uncompressed_page_size: levelBytes.length + page.length,
    compressed_page_size: levelBytes.length + compressed.length,
    data_page_header_v2: {
      num_values: rows,
      num_nulls: nulls,
      num_rows: rows,
      encoding,
      definition_levels_byte_length: levelBytes.length,
      repetition_levels_byte_length: 0,
      is_compressed: true,
    },
  });
  writer.appendBytes(levelBytes);
  writer.appendBytes(compressed);
  const { type = "INT32" } = schemaElementOf(column);
  return {
    file_offset: BigInt(start),
    meta_data: {
      type,
      encodings: dictionary === undefined ? [encoding] : ["PLAIN", encoding],
      path_in_schema: [column.name],
      codec: CODEC,
      num_values: BigInt(rows),
      total_uncompressed_size: BigInt(uncompressed),
      total_compressed_size: BigInt(writer.offset - start),
      data_page_offset: BigInt(pageStart),
      ...(dictionary === undefined ? {} : { dictionary_page_offset: BigInt(start) }),
      statistics: {
        null_count: BigInt(nulls),
        ...(least === undefined ? {} : { min_value: least }),
        ...(greatest === undefined ? {} : { max_value: greatest }),
      },
    },
  };
}

const NO_BYTES = new Uint8Array(0);

/** @returns the bytes of the page and of its header, not compressed */
function writePage(
  library: ParquetLibrary,
  writer: Writer,
  header: Parameters<ParquetLibrary["writePageHeader"]>[1],
): number {
  const start = writer.offset;
  library.writePageHeader(writer, header);
  return writer.offset - start + header.uncompressed_page_size;
}

/** One bit for each row. */
function encodeLevels(library: ParquetLibrary, levels: Uint8Array): Uint8Array {
  const writer = new library.ByteWriter();
  library.writeRleBitPackedHybrid(writer, levels, 1);
  return writer.getBytes();
}

/** The page of places in a dictionary: their width in bits, and the places. */
export function encodePlaces(library: ParquetLibrary, places: Uint32Array, count: number): Uint8Array {
  const writer = new library.ByteWriter(1 << 16);
  const width = count < 2 ? 0 : 32 - Math.clz32(count - 1);
  writer.appendUint8(width);
  library.writeRleBitPackedHybrid(writer, places, width);
  return writer.getBytes();
}
