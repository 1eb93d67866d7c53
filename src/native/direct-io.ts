/** Writes that go from this process's memory to the disk without the page cache (open(2), O_DIRECT). */
import { addon } from "./addon.ts";

/**
 * The alignment in bytes that direct writes to a file need, of memory, position and length alike.
 *
 * @returns 0 where the file system has no direct writes, or the kernel does not tell (before Linux 6.1)
 * @throws a system failure
 */
export function directAlignment(fd: number): number {
  return addon().directAlignment(fd);
}

/** Decides whether the next writes to the open file are direct. @throws a system failure, where it has no direct writes */
export function setDirect(fd: number, direct: boolean): void {
  addon().setDirect(fd, direct);
}

/** So many bytes of memory, from the beginning of a page on. @throws a system failure */
export function allocatePages(length: number): Uint8Array {
  return new Uint8Array(addon().allocatePages(length));
}
