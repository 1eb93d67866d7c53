/** gzip (RFC 1952) in constant memory. */
import { once } from "node:events";
import { constants, createGunzip, type Gunzip } from "node:zlib";
import { errnoOf, reasonOf } from "../errors.ts";
import { type CaptureFileError, FaultReporter } from "./capture-file-error.ts";
import type { Chunks } from "./sources.ts";

/** Compressed bytes are handed over in pieces of this size, so that little is lost before a broken one. */
const PIECE = 1 << 16;
const OUTPUT_SIZE = 1 << 16;

/**
 * Inflates chunks. All that was inflated is given before an error is.
 *
 * @param name of the input, for messages
 * @throws CaptureFileError if the compressed data is cut off or broken; its offset counts compressed bytes
 */
export async function* gunzipChunks(chunks: Chunks, name: string): Chunks {
  const gunzip = createGunzip({ chunkSize: OUTPUT_SIZE, finishFlush: constants.Z_FINISH });
  let fed = 0;
  // It is looked at where it matters, as `errored`.
  gunzip.on("error", () => undefined);
  try {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += PIECE) {
        const piece = chunk.subarray(at, at + PIECE);
        const offset = fed;
        fed += piece.length;
        yield* inflated(gunzip, () => new Promise((resolve) => gunzip.write(piece, () => resolve())));
        if (gunzip.errored) throw gzipError(gunzip.errored, name, offset);
      }
    }
    // Only now, when everything that came out of the rest has been taken: an error discards what is still inside.
    yield* inflated(gunzip, async () => {
      gunzip.end();
      await once(gunzip, "close").catch(() => undefined);
    });
    if (gunzip.errored) throw gzipError(gunzip.errored, name, fed);
  } finally {
    gunzip.destroy();
  }
}

/** What comes out until `step` is done. */
async function* inflated(gunzip: Gunzip, step: () => Promise<void>): Chunks {
  let done = false;
  let wake = (): void => undefined;
  const finished = step().then(() => {
    done = true;
  });
  const onReadable = (): void => wake();
  gunzip.on("readable", onReadable);
  gunzip.on("error", onReadable);
  try {
    while (true) {
      const output: Buffer | null = gunzip.read();
      if (output !== null) {
        yield output;
        continue;
      }
      if (done || gunzip.destroyed) return;
      await Promise.race([
        finished,
        new Promise<void>((resolve) => {
          wake = resolve;
        }),
      ]);
    }
  } finally {
    gunzip.off("readable", onReadable);
    gunzip.off("error", onReadable);
  }
}

function gzipError(error: unknown, name: string, offset: number): CaptureFileError {
  const faults = new FaultReporter(name, false);
  if (errnoOf(error) === "Z_BUF_ERROR") return faults.truncated(offset, offset, "gzip data");
  return faults.corrupt(offset, `at or behind it the gzip data is broken: ${reasonOf(error)}`);
}
