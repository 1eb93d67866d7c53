/** Reads files of a few lines that somebody else may have written. */
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import { dirname } from "node:path";

const ROOT = 0;

/**
 * @param most bytes
 * @param owned whether it must belong to root, to this user, or to the owner of its directory, and be no symbolic link
 * @throws where it cannot be opened, is no regular file, is a stranger's, has too many bytes, or is not UTF-8, with the
 *   reason as message
 */
export function readSmallFile(path: string, most: number, { owned = false } = {}): string {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | (owned ? constants.O_NOFOLLOW : 0));
  try {
    const status = fstatSync(fd);
    if (!status.isFile()) throw new Error("it is not a regular file");
    const owners = [ROOT, process.geteuid?.(), statSync(dirname(path)).uid];
    if (owned && !owners.includes(status.uid)) throw new Error("it belongs to another user");
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
