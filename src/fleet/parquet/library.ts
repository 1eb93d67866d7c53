/**
 * hyparquet-writer, of which the files are made: the schema and the footer by its ParquetWriter, the chunks of columns by the parts
 * of it that ParquetWriter is made of. These take typed arrays as they are; ParquetWriter looks at each value several times, and
 * makes an object of many.
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
