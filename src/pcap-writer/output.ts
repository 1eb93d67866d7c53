/** Opens the files that are written to, and makes the errors of writes that failed. */
import { openSync } from "node:fs";
import { errnoOf, RingcapError, reasonWithoutPath } from "../errors.ts";

const SPACE_HINT = "free some space, or write to another file system";

const NO_DISK_HINT = "nothing can be made there: write to a directory on a disk";

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: SPACE_HINT,
  EDQUOT: SPACE_HINT,
  ENOENT: "make its directory first",
  EISDIR: "name a file in that directory",
  EACCES: "write to a directory that this user may write to: `ls -ld` shows whose it is",
  EPERM: NO_DISK_HINT,
  EROFS: NO_DISK_HINT,
};

/**
 * Opens a file for writing. A new file is readable and writable for its owner alone.
 *
 * @throws RingcapError OUTPUT if it cannot be opened
 */
export function openOutput(path: string, flags: string | number, name = path): number {
  try {
    return openSync(path, flags, 0o600);
  } catch (error) {
    throw outputError(name, error);
  }
}

/** Makes the error of a write that failed. */
export function outputError(name: string, error: unknown): RingcapError {
  const errno = errnoOf(error);
  const operation = `write ${name}`;
  if (errno === "EPIPE") {
    return new RingcapError(`${operation}: its reader closed it`, { code: "OUTPUT_CLOSED", operation, cause: error });
  }
  const hint = errno === undefined ? undefined : HINTS[errno];
  return new RingcapError(`${operation}: ${reasonWithoutPath(error)}`, {
    code: "OUTPUT",
    operation,
    hint,
    cause: error,
  });
}
