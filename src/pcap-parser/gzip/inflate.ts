/** Inflates raw deflate data (RFC 1951) up to its own end, in memory that does not grow with the data. */
import { once } from "node:events";
import { constants, createInflateRaw, type InflateRaw } from "node:zlib";
import type { Chunks } from "../sources.ts";
import type { ByteReader } from "./byte-reader.ts";

/** Compressed bytes are handed to zlib in pieces of this many bytes, so that little is lost before a broken one. */
const PIECE = 1 << 16;
const OUTPUT_SIZE = 1 << 16;

/** What zlib found to be wrong with the data. */
export class InflateFault extends Error {
  /** Whether the data ended too early. Otherwise it is broken. */
  readonly cutOff: boolean;
  /** Offset in bytes in the compressed input. Broken data begins at this offset or behind it. */
  readonly offset: number;

  constructor(cause: NodeJS.ErrnoException, offset: number) {
    super(cause.message, { cause });
    this.cutOff = cause.code === "Z_BUF_ERROR";
    this.offset = offset;
  }
}

/**
 * Inflates the data, and leaves the reader behind it. Before an error is thrown, everything that could be inflated is
 * yielded.
 *
 * @throws InflateFault if the data is cut off or broken
 */
export async function* inflateRaw(reader: ByteReader): Chunks {
  // createGunzip() of Node.js discards what it holds when something else follows a member. A raw inflater ends where
  // the data ends.
  const inflate = createInflateRaw({ chunkSize: OUTPUT_SIZE, finishFlush: constants.Z_FINISH });
  const ended = once(inflate, "end").then(
    () => undefined,
    () => undefined,
  );
  // The loop below reads the failure from `errored`, and the event needs a listener.
  inflate.on("error", () => undefined);
  let fed = 0;
  try {
    for (let piece = await reader.some(PIECE); piece !== undefined; piece = await reader.some(PIECE)) {
      const bytes = piece;
      const offset = reader.position - bytes.length;
      fed += bytes.length;
      const written = new Promise<void>((resolve) => inflate.write(bytes, () => resolve()));
      yield* outputUntil(inflate, Promise.race([written, ended]));
      if (inflate.errored) throw new InflateFault(inflate.errored, offset);
      const left = fed - inflate.bytesWritten;
      if (left > 0) {
        reader.giveBack(bytes.subarray(bytes.length - left));
        return;
      }
    }
    // end() is called only after everything that came out of the rest was taken, because an error discards what is
    // still inside of the inflater.
    inflate.end();
    yield* outputUntil(inflate, once(inflate, "close").then(nothing, nothing));
    if (inflate.errored) throw new InflateFault(inflate.errored, reader.position);
  } finally {
    inflate.destroy();
  }
}

function nothing(): void {}

/** Yields the output of the inflater until `done` is fulfilled. */
async function* outputUntil(inflate: InflateRaw, done: Promise<void>): Chunks {
  let isDone = false;
  let wake = nothing;
  const finished = done.then(() => {
    isDone = true;
  });
  const onReadable = (): void => wake();
  inflate.on("readable", onReadable);
  inflate.on("error", onReadable);
  try {
    while (true) {
      const output: Buffer | null = inflate.read();
      if (output !== null) {
        yield output;
        continue;
      }
      if (isDone || inflate.destroyed) return;
      await Promise.race([
        finished,
        new Promise<void>((resolve) => {
          wake = resolve;
        }),
      ]);
    }
  } finally {
    inflate.off("readable", onReadable);
    inflate.off("error", onReadable);
  }
}
