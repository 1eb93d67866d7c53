/** Partial files whose process has ended: a process that writes one has its lock. */
import { constants } from "node:fs";
import { open, unlink } from "node:fs/promises";
import { lockFile } from "../native/file-lock.ts";

/** Says to others that a file is being written, for as long as its descriptor is open. @throws a system failure */
export function claimFile(fd: number): void {
  lockFile(fd);
}

/** Removes a file that nobody writes. @throws a system failure */
export async function removeAbandoned(path: string): Promise<void> {
  const file = await open(path, constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (lockFile(file.fd)) await unlink(path);
  } finally {
    await file.close();
  }
}
