/** The paths in the command line of a service, which are looked at from its own directory, and not from that of the shell. */
import { existsSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join, normalize, relative, resolve } from "node:path";
import { usageError } from "../errors.ts";
import { isHidden, stateDirectory } from "../service/index.ts";
import { flagOf } from "./option-words.ts";

/**
 * Returns the directory of an option where it is not below the state directory; none where it is. A relative path is below
 * it, because the service begins there.
 *
 * @throws RingcapError USAGE for a relative path that leaves the state directory
 */
export function writtenDirectory(name: string, option: string, path: string, isDirectory = true): string[] {
  const state = stateDirectory({ name });
  const full = resolve(state, path);
  const example = option === "-w" ? "incidents" : "fleet";
  const isBelow = full === state || full.startsWith(`${state}/`);
  if (!isAbsolute(path) && !isBelow) {
    const hint = `relative paths are below ${state}: type ${option} ${normalize(path).replace(/^(\.\.\/?)+/, "") || example}`;
    throw usageError(option, `${path} leaves the directory of the service`, hint);
  }
  if (isBelow && isAbsolute(path)) {
    const hint = `type it as it is called there: ${option} ${relative(state, full) || example}`;
    throw usageError(option, `${path} is in the directory of the service, in which it begins`, hint);
  }
  if (isBelow) return [];
  return [isDirectory ? full : dirname(full)];
}

/** Refuses files that the service would not find. @param files options with their values @throws RingcapError USAGE */
export function refuseHidden(files: readonly (readonly [option: string, path: string])[]): void {
  for (const [option, path] of files) {
    if (!isAbsolute(path)) {
      throw usageError(option, `${path} is looked for in the directory of the service`, `type ${absolute(path)}`);
    }
    if (!isHidden(path)) continue;
    const message = `${path} is not there for a service, which sees no home directories and has a /tmp of its own`;
    throw usageError(option, message, "move it to /etc/ringcap or /usr/local, and name it there");
  }
}

/** A name without a slash may be that of a program. */
function absolute(path: string): string {
  const folders = path.includes("/") ? [] : (process.env.PATH ?? "").split(delimiter).filter(isAbsolute);
  return folders.map((folder) => join(folder, path)).find((file) => existsSync(file)) ?? resolve(path);
}

/** The files of lists (`@file`) among the options. @throws RingcapError USAGE for files that the service would not find */
export function listFilesOf(flags: object): string[] {
  const files = Object.entries(flags).flatMap(([name, value]: [string, unknown]) =>
    [value]
      .flat()
      .flatMap((item) =>
        typeof item === "string" && item.startsWith("@") ? [[flagOf(name), item.slice(1)] as const] : [],
      ),
  );
  refuseHidden(files);
  return files.map(([, path]) => path);
}
