import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { WrittenFile } from "./incident-files.ts";
import type { FileReport } from "./incident-report.ts";

/** Bytes that are read and hashed at a time, between which the process goes on with other work. */
const PIECE = 1 << 19;

/** Reads the files and adds the SHA-256 of each. A file that cannot be read has none. */
export async function hashFiles(directory: string, files: readonly WrittenFile[]): Promise<FileReport[]> {
  const reports: FileReport[] = [];
  for (const file of files) {
    const sha256 = await hash(join(directory, file.name)).catch(() => undefined);
    reports.push({ ...file, ...(sha256 === undefined ? {} : { sha256 }) });
  }
  return reports;
}

async function hash(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const hash = createHash("sha256");
    for await (const piece of file.createReadStream({ highWaterMark: PIECE, autoClose: false })) hash.update(piece);
    return hash.digest("hex");
  } finally {
    await file.close();
  }
}
