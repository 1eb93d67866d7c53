/** What a process that was killed left of a portion of events, which is in no table and which nobody completes. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { errnoOf } from "../../errors.ts";
import { outputError } from "../../pcap-writer/index.ts";

/**
 * Removes the files of a stream that have no name. The caller has the lock of the stream in this directory, and has named the files of the last
 * portion.
 *
 * @throws RingcapError OUTPUT
 */
export function removePartialFiles(directory: string, stream: string): void {
  const partial = new RegExp(`^\\d{8}T\\d{6}\\.\\d{9}Z-${stream}-\\d+\\.parquet(?:\\.\\d+)?\\.partial$`);
  const table = join(directory, "table=events");
  try {
    for (const day of directoriesIn(table)) {
      for (const host of directoriesIn(day)) {
        for (const entry of readdirSync(host, { withFileTypes: true })) {
          if (entry.isFile() && partial.test(entry.name)) rmSync(join(host, entry.name), { force: true });
        }
      }
    }
  } catch (error) {
    throw outputError(table, error);
  }
}

/** The paths of the directories in a directory, links to others left out. */
function directoriesIn(path: string): string[] {
  const entries = readEntries(path);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name));
}

function readEntries(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw error;
  }
}
