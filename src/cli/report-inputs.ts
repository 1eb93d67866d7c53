/** What a report is made of: files, which are opened while the process has its privileges, and an incident. */
import { statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { RingcapError, reasonWithoutPath, wordError } from "../errors.ts";
import { IncidentDirectory, type IncidentFacts, OpenedFile, type Report, withoutDuplicates } from "../report/index.ts";
import { sayWarning } from "./messages.ts";

export class ReportInputs implements AsyncDisposable {
  readonly #opened: { close(): Promise<unknown> }[] = [];

  /** Opens the files that the user named, each once. @throws RingcapError INPUT for one that cannot be opened */
  async open(paths: readonly string[], onNote: ((note: string) => void) | undefined): Promise<OpenedFile[]> {
    const files: OpenedFile[] = [];
    for (const path of paths) files.push(await this.use(OpenedFile.open(path)));
    const { once, again } = withoutDuplicates(files);
    for (const { name } of again) onNote?.(`${name} is named twice, and is read once`);
    return once;
  }

  /** Opens the captures of an incident, whose directory is another user's where root reads it. @throws RingcapError INPUT */
  async openCaptures({ captures }: IncidentDirectory): Promise<OpenedFile[]> {
    const files: OpenedFile[] = [];
    for (const path of captures) files.push(await this.use(OpenedFile.openRegular(path)));
    return files;
  }

  /** @throws RingcapError INPUT */
  async openDatabase(path: string): Promise<FileHandle> {
    try {
      return await this.use(open(path));
    } catch (cause) {
      const operation = `read ${path}`;
      throw new RingcapError(`${operation}: ${reasonWithoutPath(cause)}`, { code: "INPUT", operation, cause });
    }
  }

  /** Closes it at the end. */
  async use<Opened extends { close(): Promise<unknown> }>(opening: Promise<Opened>): Promise<Opened> {
    const opened = await opening;
    this.#opened.push(opened);
    return opened;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const opened of this.#opened) await opened.close();
  }
}

/** Opens the incident where a directory is named. @throws RingcapError USAGE where other files are named beside it; INPUT */
export async function incidentOf(names: readonly string[]): Promise<IncidentDirectory | undefined> {
  const directory = names.find((name) => isDirectory(name));
  if (directory === undefined) return undefined;
  if (names.length > 1) {
    const hint = "an incident is reported alone; of several ones name the files";
    throw wordError(directory, "it is a directory, and is not the only word", hint);
  }
  return IncidentDirectory.open(directory);
}

function isDirectory(name: string): boolean {
  return name !== "-" && (statSync(name, { throwIfNoEntry: false })?.isDirectory() ?? false);
}

/** Says which files of an incident are not what they were at its end. */
export function warnOfChanges({ hashes }: IncidentFacts, { files }: Report): void {
  for (const { name, sha256 } of files) {
    const recorded = hashes.get(basename(name));
    if (sha256 === null || recorded === undefined || recorded === sha256) continue;
    sayWarning(`${name} was changed after the incident: its SHA-256 is not that of incident.json`);
  }
}
