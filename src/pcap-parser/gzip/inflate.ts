/** Raw deflate data (RFC 1951) up to its own end, in constant memory. */
import { once } from "node:events";
import { constants, createInflateRaw, type InflateRaw } from "node:zlib";
import type { Chunks } from "../sources.ts";
import type { ByteReader } from "./byte-reader.ts";

/** Compressed bytes are handed over in pieces of this size, so that little is lost before a broken one. */
const PIECE = 1 << 16;
const OUTPUT_SIZE = 1 << 16;

/** What zlib says of the data. */
export class InflateFault extends Error {
  /** Whether the data ended too early; otherwise it is broken. */
  readonly cutOff: boolean;
  /** Offset in the input; broken data is at it or behind it. */
  readonly offset: number;

  constructor(cause: NodeJS.ErrnoException, offset: number) {
    super(cause.message, { cause });
    this.cutOff = cause.code === "Z_BUF_ERROR";
    this.offset = offset;
  }
}

/**
 * Inflates, and leaves the reader behind the data. All that was inflated is given before an error is.
 *
 * @throws InflateFault
 */
export async function* inflateRaw(reader: ByteReader): Chunks {
  // Node.js's own gunzip discards what it has when something else follows a member. This one ends where the data ends.
  const inflate = createInflateRaw({ chunkSize: OUTPUT_SIZE, finishFlush: constants.Z_FINISH });
  const ended = once(inflate, "end").then(
    () => undefined,
    () => undefined,
  );
  // The error is looked at where it matters, as `errored`.
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
    // The end of input is given only after everything that came out of the rest was taken, because an error discards
    // what is still inside.
    inflate.end();
    yield* outputUntil(inflate, once(inflate, "close").then(nothing, nothing));
    if (inflate.errored) throw new InflateFault(inflate.errored, reader.position);
  } finally {
    inflate.destroy();
  }
}

function nothing(): void {}

/** Yields what comes out until `done` is true. */
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
