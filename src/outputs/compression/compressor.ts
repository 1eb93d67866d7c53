/**
 * gzip (RFC 1952) and zstd (RFC 8878) on threads beside the main one. Bytes that are compressed at once become a member
 * (gzip) or a frame (zstd) that is complete in itself. Every reader takes several of them for one file, so that the
 * file may be cut between any two.
 */
import zlib from "node:zlib";
import { usageError } from "../../errors.ts";

export type Compression = "gzip" | "zstd";

export interface Compressor {
  /** Compresses bytes, which must not change until the promise resolves. */
  compress(bytes: Uint8Array): Promise<Uint8Array>;
  compressAtOnce(bytes: Uint8Array): Uint8Array;
}

type Callback = (error: Error | null, bytes: Buffer) => void;
/** The functions for zstd that node:zlib has from Node.js 22.15 on. */
interface Zstd {
  readonly zstdCompress?: (bytes: Uint8Array, callback: Callback) => void;
  readonly zstdCompressSync?: (bytes: Uint8Array) => Buffer;
}

/** The fastest level of compression, because a capture has to keep up with a flood. */
function gzipOptions(): zlib.ZlibOptions {
  return { level: zlib.constants.Z_BEST_SPEED, chunkSize: 1 << 18 };
}

/** Returns the compressor. @throws RingcapError USAGE where the running version of Node.js has no zstd */
export function compressorOf(compression: Compression): Compressor {
  if (compression === "gzip") {
    return {
      compress: (bytes) => promised((done) => zlib.gzip(bytes, gzipOptions(), done)),
      compressAtOnce: (bytes) => zlib.gzipSync(bytes, gzipOptions()),
    };
  }
  const { zstdCompress, zstdCompressSync } = zlib as typeof zlib & Zstd;
  if (zstdCompress === undefined || zstdCompressSync === undefined) {
    throw usageError(
      "--compress",
      `Node.js ${process.versions.node} has no zstd`,
      "type --compress gzip, or run it with Node.js 22.15 or later",
    );
  }
  return {
    compress: (bytes) => promised((done) => zstdCompress(bytes, done)),
    compressAtOnce: (bytes) => zstdCompressSync(bytes),
  };
}

function promised(start: (done: Callback) => void): Promise<Buffer> {
  return new Promise((resolve, reject) => start((error, bytes) => (error === null ? resolve(bytes) : reject(error))));
}
