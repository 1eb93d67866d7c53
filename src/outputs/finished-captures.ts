/** The finished files of a rotated capture, and of earlier ones of the same command, as its directory shows them. */
import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import type { FileNames } from "./file-names.ts";

export interface FinishedCapture {
  readonly path: string;
  readonly bytes: number;
  readonly changed: bigint;
}

/** The inode number and the time of the last change (st_ctim, nanoseconds) of a file whose first bytes were read. */
interface Known {
  readonly inode: bigint;
  readonly changed: bigint;
  readonly isCapture: boolean;
}

/**
 * The first bytes in hexadecimal of the files that a capture writes: pcap of both precisions, pcapng, zstd. The first
 * bytes of gzip stand in `GZIP`.
 */
const MAGICS: ReadonlySet<string> = new Set(["d4c3b2a1", "4d3cb2a1", "0a0d0d0a", "28b52ffd"]);
const GZIP = "1f8b";
const MAGIC_LENGTH = 4;
const PRIVATE = 0o600;
const PERMISSIONS = 0o7777;

export class FinishedCaptures {
  readonly #names: FileNames;
  /** The files whose first bytes were read, by their paths. A file that does not change is opened once. */
  #known = new Map<string, Known>();

  constructor(names: FileNames) {
    this.#names = names;
  }

  /** Finds the files. The oldest file comes first. The promise rejects where the directory cannot be read. */
  async find(): Promise<FinishedCapture[]> {
    const found: FinishedCapture[] = [];
    const known = new Map<string, Known>();
    for (const name of await readdir(this.#names.directory)) {
      if (!this.#names.isFinished(name)) continue;
      const file = await this.#inspect(this.#names.pathOf(name), known);
      if (file !== undefined) found.push(file);
    }
    this.#known = known;
    return found.sort((a, b) => {
      if (a.changed !== b.changed) return a.changed < b.changed ? -1 : 1;
      return a.path < b.path ? -1 : 1;
    });
  }

  /**
   * Returns a file that a capture made. It is undefined for another user's file, for a file that others may read, for a
   * link, for a file with several names, and for a file that does not begin as a capture file does.
   */
  async #inspect(path: string, known: Map<string, Known>): Promise<FinishedCapture | undefined> {
    try {
      const stat = await lstat(path, { bigint: true });
      const isOwn = stat.isFile() && Number(stat.uid) === process.geteuid?.() && stat.nlink === 1n;
      if (!isOwn || (Number(stat.mode) & PERMISSIONS) !== PRIVATE) return undefined;
      const before = this.#known.get(path);
      const isSame = before?.inode === stat.ino && before.changed === stat.ctimeNs;
      const isCapture = isSame ? before.isCapture : await beginsAsCapture(path);
      known.set(path, { inode: stat.ino, changed: stat.ctimeNs, isCapture });
      return isCapture ? { path, bytes: Number(stat.size), changed: stat.mtimeNs } : undefined;
    } catch {
      return undefined;
    }
  }
}

async function beginsAsCapture(path: string): Promise<boolean> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC_LENGTH), 0, MAGIC_LENGTH, 0);
    const magic = buffer.toString("hex", 0, bytesRead);
    return MAGICS.has(magic) || magic.startsWith(GZIP);
  } finally {
    await file.close();
  }
}
