/** The page of an incident (report.html, and its data in report.json), which another process makes of the finished files. */
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { hashFiles } from "./hash-files.ts";

/**
 * Makes report.html and report.json in a directory of an incident, whose incident.json is there already.
 *
 * @returns what failed; undefined where both are there. It never rejects
 */
export type MakePage = (directory: string) => Promise<string | undefined>;

export interface PageReport {
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256?: string | undefined }[];
  /** Why there is none. */
  readonly missing: string | null;
}

const NAMES = ["report.html", "report.json"];

export async function pageOf(directory: string, make: MakePage): Promise<PageReport> {
  const missing = await make(directory);
  const files = NAMES.flatMap((name) => {
    const stat = lstatSync(join(directory, name), { throwIfNoEntry: false });
    return stat?.isFile() ? [{ name, bytes: stat.size }] : [];
  });
  return { files: await hashFiles(directory, files), missing: missing ?? null };
}
