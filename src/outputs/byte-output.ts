/**
 * Writes bytes to a descriptor. Files are written at once. Terminals, pipes and sockets are written on the event loop,
 * because their reader may stall.
 */
import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { RingcapError } from "../errors.ts";
import { outputError } from "../pcap-writer/index.ts";
import type { ByteOutput } from "./byte-sink.ts";
import { PausingRoom, SocketRoom } from "./room.ts";
import { isTerminal } from "./terminal.ts";
import { WaitingOutput } from "./waiting-output.ts";
import { writeAll } from "./write-all.ts";

const STDERR = 2;

/** Takes over the descriptor. Those of the standard streams stay open when the output is closed. */
export function openByteOutput(fd: number, name: string): ByteOutput {
  const stat = fstatSync(fd);
  const isOfTerminal = isTerminal(fd);
  if (!isOfTerminal && !stat.isFIFO() && !stat.isSocket()) return new FileOutput(fd, name);
  const own = ownDescription(fd);
  if (own === undefined) {
    // Nothing but the terminal's own description can say when the terminal takes bytes, so that a write to it may wait.
    if (isOfTerminal) return new FileOutput(fd, name);
    return new WaitingOutput(fd, name, socketRoom(fd, name));
  }
  if (fd > STDERR) closeSync(fd);
  return new WaitingOutput(own, name, isOfTerminal ? new PausingRoom(own) : new SocketRoom(own));
}

/**
 * Opens the pipe or terminal behind a descriptor once more, so that a write returns instead of waiting. O_NONBLOCK
 * belongs to the open file description. Set on the inherited description, it would hold for all processes that share
 * it.
 *
 * @returns undefined where the kernel refuses, as for a socket, for a terminal of another user, and without /proc
 */
function ownDescription(fd: number): number | undefined {
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
}

/**
 * Opens a socket for writing.
 *
 * @throws RingcapError OUTPUT for a socket that is not a stream, to which Node.js cannot write
 */
function socketRoom(fd: number, name: string): SocketRoom {
  try {
    return new SocketRoom(fd);
  } catch (cause) {
    const operation = `write ${name}`;
    const hint = "send it through a pipe: `| cat`";
    throw new RingcapError(`${operation}: it is a socket, but not a stream`, {
      code: "OUTPUT",
      operation,
      hint,
      cause,
    });
  }
}

class FileOutput implements ByteOutput {
  readonly #fd: number;
  readonly #name: string;
  bytesWritten = 0;

  constructor(fd: number, name: string) {
    this.#fd = fd;
    this.#name = name;
  }

  write(bytes: Uint8Array): void {
    try {
      writeAll(this.#fd, bytes, (count) => {
        this.bytesWritten += count;
      });
    } catch (error) {
      throw outputError(this.#name, error);
    }
  }

  abandon(): void {}

  close(): void {
    if (this.#fd > STDERR) closeSync(this.#fd);
  }
}
