import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { hashFile } from "../outputs/hash-file.ts";

/** Reads the files and adds the SHA-256 of each. A file that cannot be read has none. */
export async function hashFiles<File extends { readonly name: string }>(
  directory: string,
  files: readonly File[],
): Promise<(File & { sha256?: string })[]> {
  const reports: (File & { sha256?: string })[] = [];
  for (const file of files) {
    const sha256 = await hash(join(directory, file.name)).catch(() => undefined);
    reports.push({ ...file, ...(sha256 === undefined ? {} : { sha256 }) });
  }
  return reports;
}

async function hash(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return await hashFile(file);
  } finally {
    await file.close();
  }
}
