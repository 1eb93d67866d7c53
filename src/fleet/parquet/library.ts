/**
 * Loads hyparquet-writer, which makes the Parquet files. Its ParquetWriter makes the schema and the footer. The chunks of columns are
 * made by the functions that ParquetWriter itself calls, because these take typed arrays, while ParquetWriter takes an array of
 * values, looks at each of them several times, and makes objects of many.
 */
import { optionalLibrary } from "../optional-library.ts";

type Parts = Pick<typeof import("hyparquet-writer"), "ByteWriter" | "ParquetWriter"> &
  Pick<typeof import("hyparquet-writer/src/bloom.js"), "BloomBuilder"> &
  Pick<typeof import("hyparquet-writer/src/datapage.js"), "writePageHeader"> &
  Pick<typeof import("hyparquet-writer/src/delta.js"), "deltaBinaryPack"> &
  Pick<typeof import("hyparquet-writer/src/encoding.js"), "writeRleBitPackedHybrid"> &
  Pick<typeof import("hyparquet-writer/src/snappy.js"), "snappyCompress">;
export interface ParquetLibrary extends Parts {}

const PARTS = ["bloom", "datapage", "delta", "encoding", "snappy"].map((part) => `hyparquet-writer/src/${part}.js`);

let loaded: ParquetLibrary | undefined;

/** @throws RingcapError INSTALLATION where it is not installed */
export function parquetLibrary(): ParquetLibrary {
  loaded ??= Object.assign({}, ...optionalLibrary(["hyparquet-writer", ...PARTS], "write Parquet")) as ParquetLibrary;
  return loaded;
}
