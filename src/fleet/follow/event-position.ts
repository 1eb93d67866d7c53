/**
 * Up to where the events of a stream are in the files of a directory. The file that says it lies in the directory itself, is replaced as a
 * whole, and names the files of the last portion, which have no names of their own yet. So a portion is in the tables once it is named there:
 * whoever finds it after a crash gives these files their names, and reads on behind it.
 */
import { closeSync, constants, fsync, lstatSync, readFileSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { errnoOf, RingcapError, reasonWithoutPath } from "../../errors.ts";
import { lockFile } from "../../native/file-lock.ts";
import { giveFreeName, PartialFile, syncDirectory } from "../../outputs/partial-file.ts";
import { writeAll } from "../../outputs/write-all.ts";
import { openOutput, outputError } from "../../pcap-writer/index.ts";
import { fieldsOf, textOf, wholeOf } from "../json-fields.ts";
import { removePartialFiles } from "./partial-events.ts";
import type { StreamPosition } from "./read-place.ts";

/** A complete file of a portion: its path within the directory, and the one that it has until it gets its name. */
export interface PortionFile {
  readonly path: string;
  readonly partial: string;
}

const OPEN_LOCK = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
const VERSION = 1;
const PATH = /^table=events\/date=[0-9-]{1,20}\/host=[^/\0]+\/[^/\0]+\.parquet$/;
const PARTIAL = /^table=events\/date=[0-9-]{1,20}\/host=[^/\0]+\/[^/\0]+\.partial$/;
/** Directories that are put on the disk at a time. */
const MOST_OPEN = 200;
const fsyncLater = promisify(fsync);

export class EventPosition {
  readonly #directory: string;
  readonly #path: string;
  readonly #lock: number;
  #position: StreamPosition | undefined;
  #files: readonly PortionFile[];

  private constructor(directory: string, path: string, lock: number) {
    this.#directory = directory;
    this.#path = path;
    this.#lock = lock;
    const { position, files } = readPosition(path);
    this.#position = position;
    this.#files = files;
  }

  /**
   * Takes the lock of the directory, and completes what an earlier process had no time for.
   *
   * @throws RingcapError OUTPUT where another process has the lock; INPUT where the file is none of its kind
   */
  static async open(directory: string, stream: string): Promise<EventPosition> {
    const path = join(directory, `events-${stream}.json`);
    const lockPath = join(directory, `events-${stream}.lock`);
    const lock = openOutput(lockPath, OPEN_LOCK, lockPath);
    try {
      if (!lockFile(lock)) throw busyError(directory, stream);
      const position = new EventPosition(directory, path, lock);
      await position.nameFiles();
      removePartialFiles(directory, stream);
      return position;
    } catch (error) {
      closeSync(lock);
      throw error;
    }
  }

  /** What is in the files; undefined where nothing was written yet. */
  get position(): StreamPosition | undefined {
    return this.#position;
  }

  /** Gives the files of the last portion their names, as far as they have none. @throws RingcapError OUTPUT */
  async nameFiles(): Promise<void> {
    const named = this.#files.map(({ path, partial }) => {
      const [from, to] = [join(this.#directory, partial), join(this.#directory, path)];
      try {
        return giveName(from, to) ? [to] : [];
      } catch (error) {
        throw error instanceof RingcapError ? error : outputError(to, error);
      }
    });
    // The file of a portion is the only one of it in its directory.
    const directories = named.flat();
    while (directories.length > 0) await Promise.all(directories.splice(0, MOST_OPEN).map(syncDirectory));
  }

  /** Puts the portion into the tables at one stroke. @param files which are complete and on the disk @throws RingcapError OUTPUT */
  async commit(position: StreamPosition, files: readonly PortionFile[]): Promise<void> {
    const text = `${JSON.stringify({ version: VERSION, ...position, files }, null, 2)}\n`;
    const partial = PartialFile.create(this.#path, true);
    try {
      writeAll(partial.fd, Buffer.from(text), () => {});
      await fsyncLater(partial.fd);
    } catch (error) {
      partial.discard();
      throw error instanceof RingcapError ? error : outputError(this.#path, error);
    }
    await partial.finish({ finish: async () => {}, release: () => closeSync(partial.fd) });
    this.#position = position;
    this.#files = files;
  }

  close(): void {
    closeSync(this.#lock);
  }
}

/** Gives the file the name, or the next one that no other file has. @returns whether the file lacked it */
function giveName(from: string, to: string): boolean {
  const file = lstatSync(from, { throwIfNoEntry: false });
  if (file === undefined) return false;
  const found = lstatSync(to, { throwIfNoEntry: false });
  // A process that was killed between both steps has left both names.
  if (found !== undefined && found.ino === file.ino && found.dev === file.dev) unlinkSync(from);
  else if (!giveFreeName(from, to)) return giveName(from, to.replace(/\.parquet$/, "-1.parquet"));
  return true;
}

function readPosition(path: string): { position: StreamPosition | undefined; files: readonly PortionFile[] } {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return { position: undefined, files: [] };
    throw inputError(path, reasonWithoutPath(error));
  }
  const read = positionOf(text);
  if (read === undefined) throw inputError(path, "it is not what ringcap fleet follow writes");
  return read;
}

function positionOf(text: string): { position: StreamPosition; files: PortionFile[] } | undefined {
  let fields: ReturnType<typeof fieldsOf>;
  try {
    fields = fieldsOf(JSON.parse(text));
  } catch {
    return undefined;
  }
  const [created, sequence] = [textOf(fields?.created), wholeOf(fields?.sequence)];
  const heard = wholeOf(fields?.heard);
  if (fields?.version !== VERSION || created === undefined || sequence === undefined) return undefined;
  if (heard === undefined) return undefined;
  const files: PortionFile[] = [];
  for (const file of Array.isArray(fields.files) ? fields.files : []) {
    const [path, partial] = [textOf(fieldsOf(file)?.path), textOf(fieldsOf(file)?.partial)];
    if (path === undefined || partial === undefined || !PATH.test(path) || !PARTIAL.test(partial)) return undefined;
    files.push({ path, partial });
  }
  return { position: { created, sequence, heard }, files };
}

function busyError(directory: string, stream: string): RingcapError {
  const operation = `write the events of ${stream} to ${directory}`;
  const hint = "stop the other ringcap fleet follow, or give another directory";
  return new RingcapError(`${operation}: another process does that`, { code: "OUTPUT", operation, hint });
}

function inputError(path: string, reason: string): RingcapError {
  const operation = `read ${path}`;
  return new RingcapError(`${operation}: ${reason}`, {
    code: "INPUT",
    operation,
    hint: "it says which events are in the tables; without it all are written once more: follow to another directory",
  });
}
