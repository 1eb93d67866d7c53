/**
 * Writes events as the events table. They wait in memory for less than a minute, and become a portion then: a file for each host and day,
 * which are complete and on the disk before EventPosition puts them into the table at one stroke.
 */
import { existsSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { reasonOf } from "../../errors.ts";
import { EVENTS } from "../contract/events.ts";
import { fileNameOf } from "../file-name.ts";
import { parquetLibrary } from "../parquet/library.ts";
import { RecordRows } from "../parquet/record-rows.ts";
import { TableFile } from "../parquet/table-file.ts";
import { dateOf, dayOf, hostInPath, partitionPath } from "../partition.ts";
import { EventPosition, type PortionFile } from "./event-position.ts";
import { eventRecord } from "./event-record.ts";
import type { FollowedEvent } from "./followed-event.ts";
import type { StreamPosition } from "./read-place.ts";

export interface EventFilesOptions {
  /** The directory of all tables. */
  readonly directory: string;
  readonly stream: string;
  readonly signal: AbortSignal;
  readonly warn: (text: string) => void;
  /** Milliseconds from one portion to the next one. */
  readonly every?: number;
}

/** Files appear within a minute of the first event in them: so long it waits, and the rest is for writing. */
const EVERY_MILLISECONDS = 45_000;
/** What a portion has at most, of all hosts: a row group for each file. */
const MOST_ROWS = 16_384;
/** Files that are written at a time. */
const MOST_OPEN = 200;
const MOST_CHARACTERS = 1 << 25;
/** Where the disk is full, the portion is tried again. */
const RETRY_MILLISECONDS = 5000;

type Record = ReturnType<typeof eventRecord>;

class Portion {
  /** Of each directory of a host and a day. */
  readonly files = new Map<string, { readonly time: string; readonly number: number; readonly records: Record[] }>();
  /** Behind the last message, an event or not. */
  position: StreamPosition;
  rows = 0;
  characters = 0;

  constructor(position: StreamPosition) {
    this.position = position;
  }

  add(event: FollowedEvent, { sequence }: StreamPosition): void {
    const { seconds, nanoseconds } = event.time;
    const within = partitionPath(EVENTS.name, dateOf(dayOf(seconds)), hostInPath(event.host));
    let file = this.files.get(within);
    if (file === undefined) {
      file = { time: fileNameOf(seconds, nanoseconds), number: sequence, records: [] };
      this.files.set(within, file);
    }
    file.records.push(eventRecord(event));
    this.rows++;
    this.characters += event.json.length;
  }

  get isFull(): boolean {
    return this.rows >= MOST_ROWS || this.characters >= MOST_CHARACTERS;
  }
}

export class EventFiles {
  readonly #options: EventFilesOptions;
  readonly #position: EventPosition;
  readonly #timer: NodeJS.Timeout;
  #portion: Portion | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  #isTold = false;
  #hasGivenUp = false;
  /** Of the tables, since this process began. */
  rows = 0;
  files = 0;

  private constructor(options: EventFilesOptions, position: EventPosition) {
    this.#options = options;
    this.#position = position;
    this.#timer = setInterval(() => {
      if (!this.#isWriting) void this.#write();
    }, options.every ?? EVERY_MILLISECONDS);
  }

  /** @throws RingcapError INSTALLATION, and as EventPosition.open() */
  static async open(options: EventFilesOptions): Promise<EventFiles> {
    parquetLibrary();
    return new EventFiles(options, await EventPosition.open(options.directory, options.stream));
  }

  /** What is in the files; undefined where nothing was written yet. */
  get position(): StreamPosition | undefined {
    return this.#position.position;
  }

  /** Whether events that were read are in no file. The position is in front of them, so that they are read again at the next start. */
  get hasGivenUp(): boolean {
    return this.#hasGivenUp;
  }

  /** Takes what was read. @param event undefined for a message that is none, or that came before */
  async add(position: StreamPosition, event: FollowedEvent | undefined): Promise<void> {
    this.#portion ??= new Portion(position);
    this.#portion.position = position;
    if (event !== undefined) this.#portion.add(event, position);
    // No more is read before there is room.
    if (this.#portion.isFull) await this.#write();
  }

  #write(): Promise<void> {
    const portion = this.#portion;
    this.#portion = undefined;
    if (portion !== undefined) this.#writing = this.#writing.then(() => this.#writeAll(portion));
    return this.#writing;
  }

  async #writeAll(portion: Portion): Promise<void> {
    // The position of a later portion would be behind this one, and the names of its files would take the place of those that wait.
    if (this.#hasGivenUp) return;
    this.#isWriting = true;
    // A portion that is committed must not be written once more: only its files may lack their names.
    const isWritten =
      (await this.#patiently(() => this.#commit(portion))) && (await this.#patiently(() => this.#position.nameFiles()));
    this.#hasGivenUp = !isWritten;
    this.#isWriting = false;
  }

  /** @returns whether it was done. What was not is still in the stream, and is done when the command is started again */
  async #patiently(write: () => Promise<void>): Promise<boolean> {
    const { signal, warn } = this.#options;
    for (;;) {
      try {
        await write();
        this.#isTold = false;
        return true;
      } catch (error) {
        if (!this.#isTold) warn(`events wait for the disk: ${reasonOf(error)}; trying again`);
        this.#isTold = true;
        if (signal.aborted) return false;
        await pause(RETRY_MILLISECONDS, undefined, { signal }).catch(() => {});
      }
    }
  }

  async #commit({ files, position, rows }: Portion): Promise<void> {
    const complete: PortionFile[] = [];
    const { directory, stream } = this.#options;
    const waiting = [...files];
    try {
      while (waiting.length > 0) {
        const writing = waiting.splice(0, MOST_OPEN).map(async ([within, { time, number, records }]) => {
          const path = freePath(directory, `${within}/${time}-${stream}`, number);
          complete.push({ path, partial: relative(directory, await writeFile(directory, path, records)) });
        });
        const failed = (await Promise.allSettled(writing)).find(({ status }) => status === "rejected");
        if (failed?.status === "rejected") throw failed.reason;
      }
      await this.#position.commit(position, complete);
    } catch (error) {
      for (const { partial } of complete) rmSync(join(directory, partial), { force: true });
      throw error;
    }
    this.rows += rows;
    this.files += complete.length;
  }

  /** Writes what waits. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#write();
    this.#position.close();
  }
}

/** A path that no file has. Streams that were made anew give the same numbers again. */
function freePath(directory: string, begin: string, number: number): string {
  const path = `${begin}-${number}.parquet`;
  return existsSync(join(directory, path)) ? freePath(directory, begin, number + 1) : path;
}

/** @returns where the file lies, which is complete, on the disk and closed, and has no name yet */
async function writeFile(directory: string, path: string, records: readonly Record[]): Promise<string> {
  const library = parquetLibrary();
  const file = await TableFile.create(directory, path, EVENTS, library);
  try {
    const rows = new RecordRows(EVENTS);
    for (const record of records) rows.add(record);
    const { columns, isInOrderOfTime } = rows.encode(library);
    file.writeGroup(columns, isInOrderOfTime);
  } catch (error) {
    file.discard();
    throw error;
  }
  await file.complete();
  file.leave();
  return file.partialPath;
}
