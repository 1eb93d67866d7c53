import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";

/** Bytes that are read and hashed at a time, between which the process goes on with other work. */
const PIECE = 1 << 19;

/**
 * Returns the SHA-256 of an open file in hexadecimal digits. It reads from the beginning and leaves the position of the
 * descriptor as it is.
 *
 * @param signal ends the reading
 * @throws the error of the system call; the signal's reason
 */
export async function hashFile(file: FileHandle, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  const piece = Buffer.allocUnsafeSlow(PIECE);
  for (let position = 0; ; ) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(piece, 0, PIECE, position);
    if (bytesRead === 0) return hash.digest("hex");
    hash.update(piece.subarray(0, bytesRead));
    position += bytesRead;
  }
}
