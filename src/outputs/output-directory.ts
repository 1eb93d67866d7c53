/** The directory in which a rotated capture makes its files, also after the process became another user. */
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { RingcapError, usageError } from "../errors.ts";
import { outputError } from "../pcap-writer/index.ts";
import type { FileOwner } from "../pipeline/sink.ts";

const ROOT = 0;
/** The bits of a mode that let the owner write to a directory and search it. */
const WRITE_AND_SEARCH = 0o300;

/**
 * Checks the directory of the name.
 *
 * @throws RingcapError OUTPUT where its mode does not let the user make files in it
 */
export function refuseUnwritable(name: string, { user, group }: FileOwner): void {
  const { uid, gid, mode } = status(name);
  const shift = uid === user ? 0 : gid === group ? 3 : 6;
  const needed = WRITE_AND_SEARCH >> shift;
  if (user === ROOT || (mode & needed) === needed) return;
  const operation = `write ${name}`;
  throw new RingcapError(
    `${operation}: the user that the capture becomes (uid ${user}) cannot make files in ${dirname(name)}`,
    {
      code: "OUTPUT",
      operation,
      hint: "give the directory to that user, name another one by --user, or stay as you are: --user none",
    },
  );
}

function status(name: string): { uid: number; gid: number; mode: number } {
  try {
    return statSync(dirname(name));
  } catch (error) {
    throw outputError(name, error);
  }
}

/** Checks the name. @throws RingcapError USAGE where it is the name of a directory, a device or a pipe */
export function refuseSomethingElse(name: string): void {
  if (!isSomethingElse(name)) return;
  throw usageError("write", `${name} cannot be parted into files`, "name a file: -w x.pcap");
}

/** Failures of stat() are not told here, because opening the files meets them too. */
function isSomethingElse(name: string): boolean {
  try {
    return !statSync(name).isFile();
  } catch {
    return false;
  }
}
