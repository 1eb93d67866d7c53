/** The launcher in Wireshark's folder: written, removed, and looked at. */
import {
  closeSync,
  fchmodSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { errnoOf, RingcapError, reasonWithoutPath, usageError } from "../errors.ts";
import { ringcapVersion } from "../outputs/application.ts";
import { GRANTED_PROGRAM } from "./granted-paths.ts";
import { isLauncher, LAUNCHER_NAME, launcherText } from "./launcher.ts";

/** Of a launcher in a folder; "foreign" is a file that ringcap did not write. */
export type LauncherState = "current" | "outdated" | "foreign" | "absent";

/** What Node.js runs when `ringcap` is typed. */
export function ownScript(): string {
  return fileURLToPath(new URL("../../bin/ringcap.cjs", import.meta.url));
}

/** Every user runs the launcher, and root alone changes one of root's. */
const EXECUTABLE = 0o755;
/** A file without this bit is none of Wireshark's programs, so that an unfinished launcher is never run. */
const UNFINISHED = 0o600;

export function ownLauncher(): string {
  const node = process.execPath;
  return launcherText({ version: ringcapVersion(), node, script: ownScript(), granted: GRANTED_PROGRAM });
}

export function launcherState(folder: string): LauncherState {
  const text = textAt(pathIn(folder), "look at");
  if (text === undefined) return "absent";
  if (!isLauncher(text)) return "foreign";
  return text === ownLauncher() ? "current" : "outdated";
}

export function pathIn(folder: string): string {
  return join(folder, LAUNCHER_NAME);
}

/**
 * Writes the launcher, in the place of an older one.
 *
 * @returns its path
 * @throws RingcapError OUTPUT where it cannot be written, and for a file that ringcap did not write
 */
export function installLauncher(folder: string): string {
  const path = pathIn(folder);
  refuseFile(folder);
  refuseForeign(path, "install");
  const partial = join(folder, `.${LAUNCHER_NAME}-${process.pid}.partial`);
  try {
    mkdirSync(folder, { recursive: true });
    try {
      writeExecutable(partial, ownLauncher());
      renameSync(partial, path);
    } catch (error) {
      rmSync(partial, { force: true });
      throw error;
    }
  } catch (error) {
    throw failure("install", path, error);
  }
  return path;
}

/** @throws RingcapError USAGE for a path at which something else than a folder is */
export function refuseFile(folder: string): void {
  let isFile: boolean;
  try {
    isFile = !statSync(folder).isDirectory();
  } catch {
    // It is made, and the attempt says why it cannot be.
    return;
  }
  if (isFile) throw usageError("--directory", `${folder} is no directory`, "name a directory");
}

/** Writes a file for everybody, through a descriptor alone: the folder may be one in which another user changes names. */
function writeExecutable(path: string, text: string): void {
  const fd = openSync(path, "wx", UNFINISHED);
  try {
    writeFileSync(fd, text);
    fchmodSync(fd, EXECUTABLE);
  } finally {
    closeSync(fd);
  }
}

/** Removes the launcher. @returns whether there was one @throws RingcapError OUTPUT, likewise */
export function removeLauncher(folder: string): boolean {
  const path = pathIn(folder);
  if (refuseForeign(path, "remove") === undefined) return false;
  try {
    rmSync(path);
  } catch (error) {
    throw failure("remove", path, error);
  }
  return true;
}

/**
 * Returns the text of the launcher that is there; undefined where there is none.
 *
 * @throws RingcapError OUTPUT for a file that ringcap did not write
 */
export function refuseForeign(path: string, verb: string): string | undefined {
  const text = textAt(path, verb);
  if (text === undefined || isLauncher(text)) return text;
  const operation = `${verb} ${path}`;
  const hint = "move it away, or name another folder: `--directory`";
  throw new RingcapError(`${operation}: ringcap did not write the file that is there`, {
    code: "OUTPUT",
    operation,
    hint,
  });
}

function textAt(path: string, verb: string): string | undefined {
  try {
    return lstatSync(path).isFile() ? readFileSync(path, "utf8") : "";
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(errnoOf(error) ?? "")) return undefined;
    throw failure(verb, path, error);
  }
}

function failure(verb: string, path: string, error: unknown): RingcapError {
  const operation = `${verb} ${path}`;
  const isRefused = ["EACCES", "EPERM", "EROFS"].includes(errnoOf(error) ?? "");
  const hint = isRefused ? `\`ls -ld ${dirname(path)}\` shows who may write there` : undefined;
  const message = `${operation}: ${reasonWithoutPath(error)}`;
  return new RingcapError(message, { code: "OUTPUT", operation, hint, cause: error });
}
