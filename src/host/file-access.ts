/** What the modes of files let a user do (inode(7)). Access control lists and capabilities are not looked at. */
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { shellWord } from "../options/index.ts";

/** Bits of a mode, as access(2) has them. EXECUTE of a directory is the search for names in it. */
export const READ = 4;
export const WRITE = 2;
export const EXECUTE = 1;

const ROOT = 0;
/** The bits of a mode that let anybody at all execute a file. */
const ANY_EXECUTE = 0o111;

export interface FileUser {
  readonly user: number;
  readonly groups: readonly number[];
  /** Whether uid 0 has none of the capabilities that let it pass over modes. */
  readonly hasNoCapability?: boolean;
}

/**
 * Returns what refuses a user an access to a file: the outermost directory above it that the user may not search, or the
 * file itself. It is undefined where the user has the access. Root with its capabilities is refused
 * nothing but to execute a file that nobody may execute.
 *
 * @param access READ, WRITE and EXECUTE, added up
 * @param top the directory above which nothing is looked at
 */
export function refusingPlace(path: string, access: number, who: FileUser, top = "/"): string | undefined {
  if (who.user === ROOT && who.hasNoCapability !== true) {
    return (access & EXECUTE) !== 0 && (statSync(path).mode & ANY_EXECUTE) === 0 ? path : undefined;
  }
  const above = path === top || path === "/" ? undefined : refusingPlace(dirname(path), EXECUTE, who, top);
  if (above !== undefined) return above;
  const { uid, gid, mode } = statSync(path);
  const shift = uid === who.user ? 6 : who.groups.includes(gid) ? 3 : 0;
  return ((mode >> shift) & access) === access ? undefined : path;
}

/** The command that gives everybody an access to what refuses it: "r" to a file, and "x" to a program or a directory. */
export function accessHint(letter: "r" | "x", path: string): string {
  return `chmod a+${letter} ${shellWord(path)}`;
}
