/** Events on the disk that a server has not taken yet, in their order and within a size. The first file of it is in memory too. */
import { closeSync, ftruncateSync, rmdirSync } from "node:fs";
import { type EventLine, isReplaceable } from "./event-line.ts";
import { bytesOf, findSegments, haveLine, type Segment } from "./segment.ts";
import { SentMark } from "./sent-mark.ts";
import {
  appendLines,
  createSpoolFile,
  lockSpoolDirectory,
  readSpoolFile,
  removeSpoolFile,
  rewriteSpoolFile,
} from "./spool-files.ts";

/** The parts of its size that a spool has files of, and the largest file in bytes. */
const PARTS = 16;
const FILE_MAX = 1 << 20;

export class Spool {
  /** Events that were dropped for want of room, or were damaged. */
  dropped: number;
  readonly #path: string;
  readonly #size: number;
  /** The directory, which is locked for as long as it is open. */
  readonly #lock: number;
  readonly #segments: Segment[];
  readonly #mark: SentMark;
  /** The lines of the first file, of which the first `#sent` have been sent. */
  #lines: EventLine[] = [];
  #sent = 0;
  /** The descriptor of the last file, where lines are appended to it. */
  #fd: number | undefined;
  #last: number;
  readonly #sequences = new Map<string, number>();

  /**
   * Opens a spool, which is made where it is not there.
   *
   * @param size the most bytes of all files @returns undefined where another process has it @throws what the file system answers
   */
  static open(path: string, size: number): Spool | undefined {
    const lock = lockSpoolDirectory(path);
    if (lock === undefined) return undefined;
    try {
      return new Spool(path, size, lock);
    } catch (error) {
      closeSync(lock);
      throw error;
    }
  }

  private constructor(path: string, size: number, lock: number) {
    this.#path = path;
    this.#size = size;
    this.#lock = lock;
    this.#mark = new SentMark(path);
    const { segments, damaged, last, lines } = findSegments(path, this.#mark);
    this.#segments = [...segments];
    this.dropped = damaged;
    this.#last = last;
    for (const line of lines) this.#note(line);
    this.#loadFirst();
  }

  #note({ watch, sequence }: EventLine): void {
    this.#sequences.set(watch, Math.max(sequence, this.#sequences.get(watch) ?? 0));
  }

  /** The greatest number of an event of a watch that the spool has had; 0 where it has had none. */
  lastOf(watch: string): number {
    return this.#sequences.get(watch) ?? 0;
  }

  /** Whether a line is in it, byte for byte, sent or not. */
  has(line: EventLine): boolean {
    return line.sequence <= this.lastOf(line.watch) && haveLine(this.#path, this.#segments, line);
  }

  get events(): number {
    return this.#segments.reduce((sum, { events }) => sum + events, 0);
  }

  /** Bytes of the events that are to be sent. */
  get unsent(): number {
    return this.bytes - bytesOf(this.#lines.slice(0, this.#sent));
  }

  /** Bytes of all files. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The event that is to be sent next. */
  get first(): EventLine | undefined {
    return this.#lines[this.#sent];
  }

  /**
   * Appends lines, which are on the disk when the call returns. Lines that the spool has had are left out, and what has no room is
   * dropped.
   *
   * @throws what the file system answers: the lines may be given once more
   */
  append(given: readonly EventLine[]): void {
    const lines = given.filter(({ watch, sequence }) => sequence > this.lastOf(watch));
    for (let from = 0; from < lines.length; ) {
      const part = this.#fitting(lines.slice(from));
      if (part.length > 0) this.#write(part);
      else this.dropped++;
      from += Math.max(1, part.length);
    }
  }

  /** The lines from the beginning that the last file takes at once; none where the first of them has no room. */
  #fitting(lines: readonly EventLine[]): readonly EventLine[] {
    const fitting: EventLine[] = [];
    const fileSize = Math.min(FILE_MAX, Math.floor(this.#size / PARTS));
    let bytes = 0;
    for (const line of lines) {
      const next = bytes + line.bytes;
      if (fitting.length === 0 ? !this.#makeRoom(line) : this.bytes + next > this.#size) break;
      const tail = this.#fd === undefined ? 0 : (this.#segments.at(-1)?.bytes ?? 0);
      if (tail + next > fileSize && fitting.length > 0) break;
      if (tail + next > fileSize) this.#seal();
      fitting.push(line);
      bytes = next;
    }
    return fitting;
  }

  #write(lines: readonly EventLine[]): void {
    const isNew = this.#fd === undefined;
    const file = { number: this.#last + 1, generation: 0 };
    this.#fd ??= createSpoolFile(this.#path, file);
    const bytes = bytesOf(lines);
    const segment = isNew ? { file, bytes: 0, events: 0, hasReplaceable: false } : this.#segments.at(-1);
    if (segment === undefined) throw new Error("a spool has lost its last file");
    try {
      appendLines(this.#fd, lines);
    } catch (error) {
      this.#undo(segment, isNew);
      throw error;
    }
    if (isNew) {
      this.#last++;
      this.#segments.push(segment);
    }
    segment.bytes += bytes;
    segment.events += lines.length;
    segment.hasReplaceable ||= lines.some(isReplaceable);
    for (const line of lines) this.#note(line);
    if (this.#segments.length === 1) this.#lines.push(...lines);
  }

  /** Takes a part of a line away that may have been written. */
  #undo({ file, bytes }: Segment, isNew: boolean): void {
    if (this.#fd === undefined) return;
    try {
      ftruncateSync(this.#fd, bytes);
    } catch {
      // What is left of it is no event for those who read the file.
    }
    this.#seal();
    if (!isNew) return;
    this.#last++;
    removeSpoolFile(this.#path, file);
  }

  /** Nothing more is appended to the last file. */
  #seal(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    this.#removeSent();
  }

  /** @returns whether there is room for the line */
  #makeRoom(line: EventLine): boolean {
    if (line.bytes > this.#size) return false;
    while (this.bytes + line.bytes > this.#size) {
      const index = this.#segments.findIndex(({ hasReplaceable }) => hasReplaceable);
      const segment = this.#segments[Math.max(0, index)];
      if (segment === undefined || (index < 0 && isReplaceable(line))) return false;
      if (segment === this.#segments.at(-1)) this.#seal();
      if (this.#segments.includes(segment)) this.#thin(segment, index < 0);
    }
    return true;
  }

  /** Drops the lines of a file that can be dropped, or all of them. The line that is being sent stays if there is another way. */
  #thin(segment: Segment, all: boolean): void {
    const isFirst = segment === this.#segments[0];
    const unsent = isFirst ? this.#lines.slice(this.#sent) : readSpoolFile(this.#path, segment.file).lines;
    const stay = all ? [] : unsent.filter((line, index) => !isReplaceable(line) || (isFirst && index === 0));
    if (stay.length > 0) segment.file = rewriteSpoolFile(this.#path, segment.file, stay);
    this.dropped += unsent.length - stay.length;
    Object.assign(segment, { bytes: bytesOf(stay), events: stay.length, hasReplaceable: false });
    if (isFirst) [this.#lines, this.#sent] = [stay, 0];
    this.#removeEmpty();
  }

  /** The server has taken a line, or has had it. @returns whether the spool still had it */
  remove(line: EventLine): boolean {
    const [segment] = this.#segments;
    if (segment === undefined || this.first !== line) return false;
    this.#sent++;
    segment.events--;
    this.#mark.write(segment.file, this.#sent);
    this.#removeSent();
    return true;
  }

  #removeSent(): void {
    const [segment] = this.#segments;
    const isOpen = this.#segments.length === 1 && this.#fd !== undefined;
    if (segment === undefined || this.#sent < this.#lines.length || isOpen) return;
    segment.events = 0;
    this.#removeEmpty();
  }

  #removeEmpty(): void {
    const first = this.#segments[0];
    for (const segment of this.#segments.filter(({ events }) => events === 0)) {
      removeSpoolFile(this.#path, segment.file);
      this.#segments.splice(this.#segments.indexOf(segment), 1);
    }
    if (this.#segments[0] !== first) this.#loadFirst();
  }

  #loadFirst(): void {
    const [segment] = this.#segments;
    this.#lines = segment === undefined ? [] : readSpoolFile(this.#path, segment.file).lines;
    this.#sent = segment === undefined ? 0 : this.#lines.length - segment.events;
  }

  /** Closes it. Where nothing is left, the directory is removed. It never throws. */
  close(): void {
    try {
      this.#seal();
      if (this.#segments.length > 0) this.#mark.close();
      else {
        this.#mark.remove();
        rmdirSync(this.#path);
      }
    } catch {
      // Something else is in it, or the disk is gone.
    }
    closeSync(this.#lock);
  }
}
