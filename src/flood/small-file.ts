/** Reads files of a few lines that somebody else may have written. */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/**
 * @param most bytes
 * @param flags further flags of open(2)
 * @throws where it cannot be opened, is no regular file, has too many bytes, or is not UTF-8, with the reason as message
 */
export function readSmallFile(path: string, most: number, flags = 0): string {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | flags);
  try {
    if (!fstatSync(fd).isFile()) throw new Error("it is not a regular file");
    const bytes = Buffer.alloc(most + 1);
    let length = 0;
    for (let read = 1; read > 0; length += read) read = readSync(fd, bytes, length, bytes.length - length, length);
    if (length > most) throw new Error(`it has more than ${most} bytes`);
    return decode(bytes.subarray(0, length));
  } finally {
    closeSync(fd);
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("it is not UTF-8");
  }
}
