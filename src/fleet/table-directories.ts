/** The directories that files of tables lie in. */
import { lstat, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf } from "../errors.ts";
import { syncDirectory } from "../outputs/partial-file.ts";
import { outputError } from "../pcap-writer/index.ts";

const PRIVATE = 0o700;

/**
 * Makes the directories that are not there, readable for their owner alone.
 *
 * @param base the directory of all tables @param within the directories in it
 * @returns the path of the last one
 * @throws RingcapError OUTPUT, also for a link, which would lead out of the directory of all tables
 */
export async function makeTableDirectories(base: string, within: string): Promise<string> {
  let path = base;
  for (const name of within.split("/")) {
    path = join(path, name);
    try {
      await mkdir(path, PRIVATE);
      await syncDirectory(path);
    } catch (error) {
      if (errnoOf(error) !== "EEXIST") throw outputError(path, error);
      if (!(await isOwnDirectory(path))) throw outputError(path, new Error("it is no directory"));
    }
  }
  return path;
}

/** Whether it is a directory, and no link to one. @throws the error of the system call, but for what is not there */
export async function isOwnDirectory(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory();
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return false;
    throw error;
  }
}
