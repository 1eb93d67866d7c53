/** Opens what is written to, and words what fails of it. */
import { openSync } from "node:fs";
import { errnoOf, RingcapError, reasonWithoutPath } from "../errors.ts";

const SPACE_HINT = "free some space, or write to another file system";

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: SPACE_HINT,
  EDQUOT: SPACE_HINT,
  ENOENT: "make its directory first",
  EISDIR: "name a file in that directory",
};

/** Opens a file for writing; a new one is readable and writable for its owner alone. @throws RingcapError OUTPUT */
export function openOutput(path: string, flags: string | number, name = path): number {
  try {
    return openSync(path, flags, 0o600);
  } catch (error) {
    throw outputError(name, error);
  }
}

/** The wording of a failed write. */
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
