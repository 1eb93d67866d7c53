/** The directory in which a rotated capture makes its files, also after it became another user. */
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { RingcapError, usageError } from "../errors.ts";
import { outputError } from "../pcap-writer/index.ts";
import type { FileOwner } from "../pipeline/sink.ts";

const ROOT = 0;
/** Writing and searching, of the owner. */
const WRITE_AND_SEARCH = 0o300;

/** @throws RingcapError OUTPUT where the user cannot make files in the directory of the name, as far as its mode tells */
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

/** @throws RingcapError USAGE where there is a directory, a device or a pipe of that name */
export function refuseSomethingElse(name: string): void {
  if (!isSomethingElse(name)) return;
  throw usageError("write", `${name} cannot be parted into files`, "name a file: -w x.pcap");
}

/** What keeps it from being seen is said when the files are opened. */
function isSomethingElse(name: string): boolean {
  try {
    return !statSync(name).isFile();
  } catch {
    return false;
  }
}
