/** The directory in which a command makes its files, also after the process became another user. */
import { realpathSync, type Stats, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { RingcapError, usageError } from "../errors.ts";
import { EXECUTE, type FileUser, refusingPlace, WRITE } from "../host/file-access.ts";
import { outputError } from "../pcap-writer/index.ts";
import type { FileOwner } from "../pipeline/sink.ts";

/** Others may write to it, and nobody removes what is not their own (the sticky bit). */
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

/**
 * Checks the directory of the name.
 *
 * @throws RingcapError OUTPUT where its mode, or one above it, does not let the user make files in it. The user
 *   has no capability then, with uid 0 too.
 */
export function refuseUnwritable(name: string, { user, group, groups = [] }: FileOwner): void {
  const directory = dirname(name);
  const place = closedPlace(name, { user, groups: [group, ...groups], hasNoCapability: true });
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

/**
 * Checks a directory and all that it is in. Where anybody may rename everything, what is written may end up anywhere.
 *
 * @throws RingcapError OUTPUT
 */
export function refuseStrangers(path: string): void {
  const isOpen = ({ mode }: Stats) => (mode & OTHERS_WRITE) !== 0 && (mode & STICKY) === 0;
  const found = placesOf(path).find(({ stat }) => isOpen(stat));
  if (found === undefined) return;
  const { place, directory } = found;
  const hint = `chmod o-w ${directory}, or name a directory that nobody else can write to`;
  throw refusal(path, `anybody may rename and remove what is in ${place}`, hint);
}

/**
 * Checks a directory and all that it is in, for a process that keeps its rights: the owner of a directory may put a link into it.
 *
 * @throws RingcapError OUTPUT where one of them belongs to another user than these
 */
export function refuseForeignDirectory(path: string, trusted: ReadonlySet<number>): void {
  const found = placesOf(path).find(({ stat }) => !trusted.has(stat.uid));
  if (found === undefined) return;
  const { place, stat } = found;
  const why = `${place} belongs to another user (uid ${stat.uid}), who may lead what is written to another place`;
  throw refusal(path, why, "name a directory that belongs to you, and that is in none of another user");
}

/** The real path of a directory and of all that it is in, and how a message calls it. */
function placesOf(path: string): { readonly directory: string; readonly place: string; readonly stat: Stats }[] {
  try {
    const real = realpathSync(path);
    const all = [real];
    for (let one = real; one !== "/"; all.push(one)) one = dirname(one);
    return all.map((directory) => ({
      directory,
      place: directory === real ? "it" : directory,
      stat: statSync(directory),
    }));
  } catch (error) {
    throw outputError(path, error);
  }
}

function refusal(path: string, why: string, hint: string): RingcapError {
  const operation = `write to ${path}`;
  return new RingcapError(`${operation}: ${why}`, { code: "OUTPUT", operation, hint });
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
