/**
 * The output of -w. Opening it shows that it can be written, before anything is attached. It is emptied only when the
 * capture has begun.
 */
import { closeSync, fchownSync, fstatSync, ftruncateSync, rmSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { RingcapError, usageError } from "../errors.ts";
import { lockFile } from "../native/file-lock.ts";
import { outputError } from "../pcap-writer/index.ts";
import type { FileOwner } from "../pipeline/sink.ts";
import { openByteOutput } from "./byte-output.ts";
import type { ByteOutput } from "./byte-sink.ts";
import { CaptureFile } from "./capture-file.ts";
import { CapturePipe } from "./capture-pipe.ts";
import type { Compressor } from "./compression/compressor.ts";
import type { FileEncoder } from "./file-format.ts";
import { openBody } from "./open-body.ts";
import type { CountersSoFar, OpenedSink } from "./opened-sink.ts";
import { type OpenedOutput, openOutputPath } from "./output-path.ts";
import { isTerminal } from "./terminal.ts";

const STDOUT = 1;
const STDERR = 2;

/** Whether a name of -w is standard output: "-", /dev/stdout, or the file to which the shell redirected it. */
export function isStandardOutput(name: string): boolean {
  return name === "-" || isSameFile(statusOf(name), statusOf(STDOUT));
}

export class OutputFile {
  readonly #name: string;
  readonly #opened: OpenedOutput | undefined;
  #handedOver = false;
  /** The pipe to which the header goes. */
  #starting: ByteOutput | undefined;

  /**
   * @param name the name of the file; "-" and other names of standard output stand for the descriptor that is open
   *   already
   * @throws RingcapError OUTPUT if it cannot be opened, USAGE when it is a terminal or the file that messages go to
   */
  constructor(name: string) {
    const isStdout = isStandardOutput(name);
    this.#name = isStdout ? "standard output" : name;
    if (isSameFile(isStdout ? statusOf(STDOUT) : statusOf(name), statusOf(STDERR))) {
      throw usageError("write", "messages would go into the capture file", "send standard error elsewhere: 2>messages");
    }
    this.#opened = isStdout ? undefined : openOutputPath(name);
    if (isTerminal(this.#opened?.fd ?? STDOUT)) {
      this.abandon();
      throw usageError("write", "a capture file is not for a terminal", "send it to a file, or `| tcpdump -r -`");
    }
    this.#lock();
  }

  /** Bytes of a file that was there before, which begin() removes. */
  get replacedBytes(): number {
    return this.#opened?.size ?? 0;
  }

  /**
   * Whether the output is a regular file of this process. Pipes and devices keep no bytes, and standard output belongs
   * to another program.
   */
  get isRegular(): boolean {
    return this.#opened !== undefined && fstatSync(this.#opened.fd).isFile();
  }

  /** The user and group that own the directory of the file; undefined for standard output. */
  get directory(): FileOwner | undefined {
    if (this.#opened === undefined) return undefined;
    const { uid: user, gid: group } = statSync(dirname(this.#opened.path));
    return { user, group };
  }

  /**
   * Gives the file to another user, unless it was there before.
   *
   * @param owner the other user; undefined leaves the file as it is
   * @throws RingcapError OUTPUT
   */
  giveTo(owner: FileOwner | undefined): void {
    if (owner === undefined || this.#opened === undefined || !this.#opened.created) return;
    try {
      fchownSync(this.#opened.fd, owner.user, owner.group);
    } catch (error) {
      throw outputError(this.#name, error);
    }
  }

  #lock(): void {
    const fd = this.#opened?.fd ?? STDOUT;
    try {
      if (!fstatSync(fd).isFile() || lockFile(fd)) return;
    } catch (error) {
      this.abandon();
      throw outputError(this.#name, error);
    }
    if (this.#opened !== undefined) closeSync(fd);
    const operation = `write ${this.#name}`;
    throw new RingcapError(`${operation}: another capture is being written to it`, {
      code: "OUTPUT",
      operation,
      hint: "choose another name",
    });
  }

  /**
   * Empties the file, and writes the header.
   *
   * @throws RingcapError OUTPUT, or OUTPUT_CLOSED when the reader of a pipe went away
   */
  async begin(encoder: FileEncoder, counters: CountersSoFar, compressor?: Compressor): Promise<OpenedSink> {
    this.#handedOver = true;
    const fd = this.#opened?.fd ?? STDOUT;
    try {
      const stat = fstatSync(fd);
      if (stat.isFile() && this.#opened !== undefined) ftruncateSync(fd, 0);
      if (!stat.isFIFO() && !stat.isSocket()) {
        const isOwn = stat.isFile() && this.#opened !== undefined;
        return new CaptureFile(openBody(fd, this.#name, encoder, compressor, isOwn), encoder, counters);
      }
    } catch (error) {
      if (this.#opened !== undefined) closeSync(fd);
      throw error instanceof RingcapError ? error : outputError(this.#name, error);
    }
    this.#starting = openByteOutput(fd, this.#name);
    return CapturePipe.open(this.#starting, encoder, counters);
  }

  /** Ends the wait of begin() for a pipe that is full. begin() rejects then. */
  giveUp(): void {
    this.#starting?.abandon();
  }

  /** Undoes the opening when there was no capture. A file that was there before keeps its content. */
  abandon(): void {
    if (this.#opened === undefined) return;
    const { fd, path, created } = this.#opened;
    if (!this.#handedOver) closeSync(fd);
    if (created) rmSync(path, { force: true });
  }
}

function statusOf(file: string | number): Stats | undefined {
  try {
    return typeof file === "number" ? fstatSync(file) : statSync(file);
  } catch {
    return undefined;
  }
}

/**
 * Whether two outputs are one file or pipe, in which their bytes would be mixed. Devices such as /dev/null keep
 * nothing, and terminals are refused elsewhere.
 */
function isSameFile(one: Stats | undefined, other: Stats | undefined): boolean {
  if (one === undefined || other === undefined || one.isCharacterDevice()) return false;
  return one.dev === other.dev && one.ino === other.ino;
}
