import { writeSync } from "node:fs";

/**
 * Writes all of the bytes, in as many system calls as it takes.
 *
 * @param onTaken is called after each system call with the number of bytes that were taken, also where a later one
 *   fails
 * @throws the error of the system call
 */
export function writeAll(fd: number, bytes: Uint8Array, onTaken: (count: number) => void): void {
  for (let written = 0; written < bytes.length; ) {
    const count = writeSync(fd, bytes, written);
    written += count;
    onTaken(count);
  }
}

/** Writes all of the bytes at an offset of a file. @throws the error of the system call */
export function writeAllAt(fd: number, bytes: Uint8Array, offset: number): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(fd, bytes, written, bytes.length - written, offset + written);
  }
}
