/** Brings an incident back from the object store, byte for byte. What the store has is not believed: names, sizes and digests are checked. */
import { createHash } from "node:crypto";
import { closeSync, constants, fsync, lstatSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { errnoOf, RingcapError } from "../../errors.ts";
import { syncDirectory } from "../../outputs/partial-file.ts";
import { writeAll } from "../../outputs/write-all.ts";
import { openOutput, outputError } from "../../pcap-writer/index.ts";
import { type EvidenceFile, type EvidenceList, LIST_BYTES, listName, parseList, partName } from "./evidence-list.ts";

/** Reads objects, and tries again by itself. */
export interface EvidenceReader {
  /** @returns undefined where it is not there @throws RingcapError */
  get(name: string, most: number): Promise<Uint8Array | undefined>;
}

export interface Fetched {
  readonly directory: string;
  readonly files: number;
  readonly bytes: number;
}

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const PRIVATE = 0o700;
const fsyncLater = promisify(fsync);

/**
 * Makes a directory of the incident's name, which is called NAME.partial until it is whole.
 *
 * @param to the directory in which it is made
 * @throws RingcapError INPUT where the store has not what its list says; OUTPUT
 */
export async function fetchIncident(
  reader: EvidenceReader,
  { host, incident }: { readonly host: string; readonly incident: string },
  to: string,
): Promise<Fetched> {
  const bytes = await reader.get(listName(host, incident), LIST_BYTES);
  const list = bytes === undefined ? undefined : parseList(bytes, host, incident);
  if (list === undefined) {
    throw inputError(listName(host, incident), bytes === undefined ? "the store does not have it" : "its list is none");
  }
  const directory = join(to, incident);
  const partial = `${directory}.partial`;
  makeNew(directory, partial);
  try {
    for (const file of list.files) await fetchFile(reader, list, file, partial);
    await syncDirectory(`${partial}/`);
    renameSync(partial, directory);
    await syncDirectory(directory);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw error instanceof RingcapError ? error : outputError(directory, error);
  }
  return { directory, files: list.files.length, bytes: list.files.reduce((sum, file) => sum + file.bytes, 0) };
}

function makeNew(directory: string, partial: string): void {
  try {
    if (lstatSync(directory, { throwIfNoEntry: false }) !== undefined) throw takenError(directory);
    mkdirSync(partial, PRIVATE);
  } catch (error) {
    if (error instanceof RingcapError) throw error;
    throw errnoOf(error) === "EEXIST" ? takenError(partial) : outputError(partial, error);
  }
}

async function fetchFile(
  reader: EvidenceReader,
  list: EvidenceList,
  file: EvidenceFile,
  directory: string,
): Promise<void> {
  const path = join(directory, file.name);
  const whole = createHash("sha256");
  const fd = openOutput(path, CREATE, path);
  try {
    for (const [number, part] of file.parts.entries()) {
      const name = partName(list, file.name, number);
      const bytes = await reader.get(name, part.bytes);
      if (bytes?.length !== part.bytes || createHash("sha256").update(bytes).digest("hex") !== part.sha256) {
        throw inputError(name, bytes === undefined ? "the store does not have it" : "it is not what the list says");
      }
      whole.update(bytes);
      writeAll(fd, bytes, () => {});
    }
    if (whole.digest("hex") !== file.sha256)
      throw inputError(partName(list, file.name, 0), "the file is not what the list says");
    await fsyncLater(fd);
  } catch (error) {
    throw error instanceof RingcapError ? error : outputError(path, error);
  } finally {
    closeSync(fd);
  }
}

function takenError(path: string): RingcapError {
  const operation = `write ${path}`;
  return new RingcapError(`${operation}: it is there already`, {
    code: "OUTPUT",
    operation,
    hint: "move it away, or give another directory: --to",
  });
}

function inputError(name: string, reason: string): RingcapError {
  const operation = `fetch ${name}`;
  const hint = "put it there once more, from the host that has it: ringcap fleet upload SERVERS DIRECTORY --host HOST";
  return new RingcapError(`${operation}: ${reason}`, { code: "INPUT", operation, hint });
}
