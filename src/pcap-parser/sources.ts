/** Reads captures from files, stdin and streams as chunks of bytes. */
import { type FileHandle, open } from "node:fs/promises";
import { RingcapError, reasonWithoutPath, usageError } from "../errors.ts";
import { escapeText } from "./escape-text.ts";

/** A path, "-" for stdin, a Readable or another iterable of chunks, or the bytes themselves. */
export type CaptureInput = string | Uint8Array | AsyncIterable<Uint8Array>;

/** Bytes of one read of a file. */
const READ_SIZE = 1 << 20;

/** Each chunk stays unchanged until the one after the next is asked for. Ending the iteration closes what it opened. */
export type Chunks = AsyncGenerator<Uint8Array, void, void>;

export function inputName(input: CaptureInput): string {
  if (input === "-") return "stdin";
  return typeof input === "string" ? input : "the capture";
}

export function chunksOf(input: CaptureInput, name: string): Chunks {
  if (input === "-") return streamChunks(process.stdin, name);
  if (typeof input === "string") return fileChunks(input);
  if (input instanceof Uint8Array) return oneChunk(input);
  if (typeof input === "object" && input !== null && Symbol.asyncIterator in input) return streamChunks(input, name);
  throw usageError("source", "a capture is a path, a Readable or a Uint8Array");
}

async function* fileChunks(path: string): Chunks {
  const file = await open(path).catch((error: unknown) => {
    throw inputError(path, error);
  });
  try {
    yield* openFileChunks(file, path);
  } finally {
    await file.close();
  }
}

/** Reads a file that is open, from its position on, and leaves it open. @throws RingcapError INPUT */
export async function* openFileChunks(file: FileHandle, name: string): Chunks {
  // Two buffers are filled in turn, because what is left of one chunk is still needed when the next is read.
  let chunk = Buffer.allocUnsafeSlow(READ_SIZE);
  let previous = Buffer.allocUnsafeSlow(READ_SIZE);
  while (true) {
    const { bytesRead } = await file.read(chunk, 0, READ_SIZE, null).catch((error: unknown) => {
      throw inputError(name, error);
    });
    if (bytesRead === 0) return;
    yield chunk.subarray(0, bytesRead);
    [chunk, previous] = [previous, chunk];
  }
}

async function* streamChunks(stream: AsyncIterable<unknown>, name: string): Chunks {
  const chunks = stream[Symbol.asyncIterator]();
  let done = false;
  try {
    while (true) {
      const result = await chunks.next().catch((error: unknown) => {
        done = true;
        throw inputError(name, error);
      });
      if (result.done) {
        done = true;
        return;
      }
      if (!(result.value instanceof Uint8Array)) {
        throw usageError("source", "the stream gives something else than bytes: it must have no encoding");
      }
      yield result.value;
    }
  } finally {
    if (!done) await chunks.return?.();
  }
}

async function* oneChunk(bytes: Uint8Array): Chunks {
  yield bytes;
}

/** Makes the error of an open or read that failed. */
export function inputError(name: string, error: unknown): RingcapError {
  if (error instanceof RingcapError) return error;
  const operation = `read ${escapeText(name)}`;
  return new RingcapError(`${operation}: ${escapeText(reasonWithoutPath(error))}`, {
    code: "INPUT",
    operation,
    cause: error,
  });
}
