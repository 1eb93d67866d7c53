/** A file of a report. It is opened before the process gives up its privileges, and parsed when it has. */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { escapeText } from "../../pcap-parser/escape-text.ts";
import { type Chunks, chunksOf, inputError, openFileChunks } from "../../pcap-parser/sources.ts";
import { nextChunk } from "./next-chunk.ts";

const STDIN = "-";
/** Bytes in which a peek looks for the first packet. */
const HEAD = 1 << 20;
/** A symbolic link is refused, and a pipe is not waited for. */
const AS_IT_LIES = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

export class OpenedFile {
  /** As the user named it. */
  readonly name: string;
  /** Undefined of standard input. */
  readonly handle: FileHandle | undefined;
  /** Bytes of a regular file; undefined of what is no such file. */
  readonly size: number | undefined;
  /** Equal of two names of one file. */
  readonly identity: string;
  /** Bytes that were read to be parsed. */
  read = 0;
  /** Known when the first bytes were read. */
  isGzip = false;

  private constructor(name: string, handle: FileHandle | undefined, size: number | undefined, identity: string) {
    this.name = name;
    this.handle = handle;
    this.size = size;
    this.identity = identity;
  }

  /** @param name a path; "-" is standard input @throws RingcapError INPUT */
  static async open(name: string): Promise<OpenedFile> {
    if (name === STDIN) return new OpenedFile("standard input", undefined, undefined, STDIN);
    return OpenedFile.#open(name, constants.O_RDONLY);
  }

  /**
   * Opens a file that somebody else may have put there. A symbolic link would lead a process with privileges to what that
   * one may not read.
   *
   * @throws RingcapError INPUT, also for what is no regular file
   */
  static async openRegular(path: string): Promise<OpenedFile> {
    const file = await OpenedFile.#open(path, AS_IT_LIES);
    if (file.size !== undefined) return file;
    await file.close();
    throw inputError(path, new Error("it is no regular file"));
  }

  static async #open(name: string, flags: number): Promise<OpenedFile> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(name, flags);
      const stat = await handle.stat({ bigint: true });
      const size = stat.isFile() ? Number(stat.size) : undefined;
      return new OpenedFile(name, handle, size, `${stat.dev} ${stat.ino}`);
    } catch (error) {
      await handle?.close();
      throw inputError(name, error);
    }
  }

  /** The name for messages. */
  get printableName(): string {
    return escapeText(this.name);
  }

  /**
   * All bytes, once.
   *
   * @param signal ends the waiting for bytes of a pipe @throws RingcapError INPUT; the signal's reason
   */
  async *content(signal: AbortSignal): Chunks {
    const { handle, name } = this;
    const chunks = handle === undefined ? chunksOf(STDIN, name) : openFileChunks(handle, name);
    try {
      for (;;) {
        const { value, done } = await nextChunk(chunks, signal);
        if (done || value === undefined) return;
        if (this.read === 0) this.isGzip = value[0] === 0x1f && value[1] === 0x8b;
        this.read += value.length;
        yield value;
      }
    } finally {
      if (handle === undefined) process.stdin.destroy();
    }
  }

  /** The first bytes of a regular file, which are read again by content(). */
  async *head(): AsyncGenerator<Uint8Array, void, void> {
    if (this.size === undefined || this.handle === undefined) return;
    const bytes = Buffer.alloc(Math.min(HEAD, this.size));
    const { bytesRead } = await this.handle.read(bytes, 0, bytes.length, 0);
    yield bytes.subarray(0, bytesRead);
  }

  async close(): Promise<void> {
    await this.handle?.close();
  }
}
