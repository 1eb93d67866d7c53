/** The directory in which a rotated capture makes its files, also after the process became another user. */
import { statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { RingcapError, usageError } from "../errors.ts";
import { EXECUTE, type FileUser, refusingPlace, WRITE } from "../host/file-access.ts";
import { outputError } from "../pcap-writer/index.ts";
import type { FileOwner } from "../pipeline/sink.ts";

/**
 * Checks the directory of the name.
 *
 * @throws RingcapError OUTPUT where its mode, or one above it, does not let the user make files in it
 */
export function refuseUnwritable(name: string, { user, group, groups = [] }: FileOwner): void {
  const directory = dirname(name);
  const place = closedPlace(name, { user, groups: [group, ...groups] });
  if (place === undefined) return;
  const operation = `write ${name}`;
  const why = place === resolve(directory) ? "" : `, because it may not enter ${place}`;
  throw new RingcapError(
    `${operation}: the user that the capture becomes (uid ${user}) cannot make files in ${directory}${why}`,
    {
      code: "OUTPUT",
      operation,
      hint: "give the directory to that user, name another one by --user, or stay as you are: --user none",
    },
  );
}

function closedPlace(name: string, who: FileUser): string | undefined {
  const directory = resolve(dirname(name));
  try {
    return refusingPlace(directory, WRITE | EXECUTE, who, wayTo(name, directory));
  } catch (error) {
    throw outputError(name, error);
  }
}

/** Where the way to the directory begins, as the kernel goes it: what is above the working directory is not searched. */
function wayTo(name: string, directory: string): string {
  if (isAbsolute(name)) return "/";
  const here = process.cwd();
  return directory === here || directory.startsWith(join(here, "/")) ? here : directory;
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
