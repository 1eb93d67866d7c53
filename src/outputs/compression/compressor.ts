/**
 * gzip (RFC 1952) and zstd (RFC 8878) on threads beside the main one. What is compressed at once is a member or a frame by
 * itself, and a file of several is one file to every reader: it can be cut between them, and is whole then.
 */
import zlib from "node:zlib";
import { usageError } from "../../errors.ts";

export type Compression = "gzip" | "zstd";

export interface Compressor {
  /** The bytes must not change until the promise resolves. */
  compress(bytes: Uint8Array): Promise<Uint8Array>;
  compressAtOnce(bytes: Uint8Array): Uint8Array;
}

type Callback = (error: Error | null, bytes: Buffer) => void;
/** Of node:zlib from 22.15 on. */
interface Zstd {
  readonly zstdCompress?: (bytes: Uint8Array, callback: Callback) => void;
  readonly zstdCompressSync?: (bytes: Uint8Array) => Buffer;
}

/** The quickest: a flood is to be kept up with. */
const GZIP_OPTIONS = { level: zlib.constants.Z_BEST_SPEED, chunkSize: 1 << 18 };

/** @throws RingcapError USAGE where this Node.js has no zstd */
export function compressorOf(compression: Compression): Compressor {
  if (compression === "gzip") {
    return {
      compress: (bytes) => promised((done) => zlib.gzip(bytes, GZIP_OPTIONS, done)),
      compressAtOnce: (bytes) => zlib.gzipSync(bytes, GZIP_OPTIONS),
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
