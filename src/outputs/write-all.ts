import { writeSync } from "node:fs";

/**
 * Writes all of the bytes, in as many calls as the kernel asks for.
 *
 * @param onTaken told after each call how many bytes were taken, also where a later one fails
 * @throws a system failure
 */
export function writeAll(fd: number, bytes: Uint8Array, onTaken: (count: number) => void): void {
  for (let written = 0; written < bytes.length; ) {
    const count = writeSync(fd, bytes, written);
    written += count;
    onTaken(count);
  }
}
