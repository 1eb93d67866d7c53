/**
 * Puts the directory of an incident into the object store: each file in parts, and then the list of them. A part that is there already
 * is not sent again, so that an upload that was broken off goes on where it was.
 */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, lstat, open, readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { RingcapError, reasonWithoutPath } from "../../errors.ts";
import {
  type EvidenceFile,
  type EvidenceList,
  type EvidencePart,
  isPlainName,
  LIST_BYTES,
  listName,
  PART_BYTES,
  partName,
} from "./evidence-list.ts";
import type { EvidenceStore } from "./evidence-store.ts";
import type { Pace } from "./pace.ts";

export interface UploadOptions {
  readonly host: string;
  readonly pace: Pace;
  readonly signal: AbortSignal;
}

export interface Uploaded {
  readonly incident: string;
  readonly files: number;
  readonly bytes: number;
  /** Bytes that were not there yet. */
  readonly sent: number;
  /** Names that are no regular files, or no plain names, and stay behind. */
  readonly leftOut: readonly string[];
}

/** The most files of an incident. */
const MOST_FILES = 10_000;
/** A symbolic link is not followed, and a named pipe not waited for. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** @throws RingcapError INPUT where the directory cannot be read; what the store throws; the reason of the signal */
export async function uploadIncident(
  directory: string,
  store: EvidenceStore,
  { host, pace, signal }: UploadOptions,
): Promise<Uploaded> {
  const incident = basename(resolve(directory));
  if (!isPlainName(incident)) throw inputError(directory, "its name is none of an incident");
  const { names, leftOut } = await filesIn(directory);
  let sent = 0;
  const put = async (name: string, bytes: Uint8Array, part: EvidencePart) => {
    if (await store.has(name, part)) return;
    await store.put(name, bytes, pace, signal);
    sent += bytes.length;
  };
  const files: EvidenceFile[] = [];
  for (const name of names) {
    const onPart = (number: number, bytes: Uint8Array, part: EvidencePart) => {
      signal.throwIfAborted();
      return put(partName({ host, incident }, name, number), bytes, part);
    };
    files.push(await readParts(join(directory, name), name, onPart));
  }
  const list: EvidenceList = { version: 1, host, incident, files };
  const text = Buffer.from(JSON.stringify(list));
  if (text.length > LIST_BYTES) throw inputError(directory, "it has too many bytes for one list");
  await put(listName(host, incident), text, { bytes: text.length, sha256: sha256Of(text) });
  return { incident, files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), sent, leftOut };
}

async function filesIn(directory: string): Promise<{ names: string[]; leftOut: string[] }> {
  try {
    if (!(await lstat(directory)).isDirectory()) throw inputError(directory, "it is no directory");
    const entries = await readdir(directory, { withFileTypes: true });
    if (entries.length > MOST_FILES) throw inputError(directory, `it has more than ${MOST_FILES} files`);
    const isTaken = (entry: (typeof entries)[number]) => entry.isFile() && isPlainName(entry.name);
    const namesOf = (taken: boolean) => entries.filter((entry) => isTaken(entry) === taken).map(({ name }) => name);
    return { names: namesOf(true).sort(), leftOut: namesOf(false).sort() };
  } catch (error) {
    throw error instanceof RingcapError ? error : inputError(directory, reasonWithoutPath(error));
  }
}

async function readParts(
  path: string,
  name: string,
  onPart: (number: number, bytes: Uint8Array, part: EvidencePart) => Promise<void>,
): Promise<EvidenceFile> {
  const whole = createHash("sha256");
  const parts: EvidencePart[] = [];
  const file = await openFile(path);
  try {
    for (let at = 0; ; ) {
      const bytes = await readPart(file, path, at);
      if (bytes.length === 0) break;
      at += bytes.length;
      whole.update(bytes);
      const part = { bytes: bytes.length, sha256: sha256Of(bytes) };
      await onPart(parts.length, bytes, part);
      parts.push(part);
    }
  } finally {
    await file.close();
  }
  const sum = parts.reduce((total, { bytes }) => total + bytes, 0);
  return { name, bytes: sum, sha256: whole.digest("hex"), parts };
}

async function openFile(path: string): Promise<FileHandle> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, READ);
    if ((await file.stat()).isFile()) return file;
  } catch (error) {
    throw inputError(path, reasonWithoutPath(error));
  }
  await file.close();
  throw inputError(path, "it is no regular file");
}

/** A part in full, unless the file ends in it. */
async function readPart(file: FileHandle, path: string, at: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(PART_BYTES);
  let filled = 0;
  try {
    for (;;) {
      const { bytesRead } = await file.read(bytes, filled, PART_BYTES - filled, at + filled);
      filled += bytesRead;
      if (bytesRead === 0 || filled === PART_BYTES) return bytes.subarray(0, filled);
    }
  } catch (error) {
    throw inputError(path, reasonWithoutPath(error));
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function inputError(path: string, reason: string): RingcapError {
  const operation = `read ${path}`;
  return new RingcapError(`${operation}: ${reason}`, {
    code: "INPUT",
    operation,
    hint: "name the directory of one incident, as ringcap watch -w made it",
  });
}
