/** How a writer waits until a terminal, a pipe or a socket takes bytes again. */
import { closeSync } from "node:fs";
import { Socket } from "node:net";

export interface Room {
  /**
   * Waits until the descriptor may take bytes.
   *
   * @returns how many of the bytes were taken meanwhile
   * @throws when giveUp() ends the wait
   */
  wait(bytes: Uint8Array): Promise<number>;
  /** Ends a wait that is going on. */
  giveUp(): void;
  /** Closes the descriptor. */
  close(): Promise<void>;
}

const SHORTEST_PAUSE_MILLISECONDS = 1;
const LONGEST_PAUSE_MILLISECONDS = 64;

/**
 * Waits for a terminal. Node.js cannot watch a terminal without writes that block. The bytes are offered again after a
 * millisecond, and after longer pauses each time.
 */
export class PausingRoom implements Room {
  readonly #fd: number;
  #pause = SHORTEST_PAUSE_MILLISECONDS;
  #lastLength = 0;
  #giveUp: (() => void) | undefined;

  /** Takes over the descriptor. */
  constructor(fd: number) {
    this.#fd = fd;
  }

  wait(bytes: Uint8Array): Promise<number> {
    const isStalled = bytes.length === this.#lastLength;
    this.#lastLength = bytes.length;
    this.#pause = isStalled ? Math.min(2 * this.#pause, LONGEST_PAUSE_MILLISECONDS) : SHORTEST_PAUSE_MILLISECONDS;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve(0), this.#pause);
      this.#giveUp = () => {
        clearTimeout(timer);
        reject(new Error("given up"));
      };
    });
  }

  giveUp(): void {
    this.#giveUp?.();
  }

  async close(): Promise<void> {
    closeSync(this.#fd);
  }
}

/** Bytes that a pipe takes together or not at all: PIPE_BUF of include/uapi/linux/limits.h. */
const ATOMIC_LENGTH = 4096;

/**
 * Waits for a pipe or socket: the event loop writes the next bytes as soon as there is room. At most PIPE_BUF bytes are
 * given to it, so that they are taken together, and the number of written bytes is known also after giveUp().
 */
export class SocketRoom implements Room {
  readonly #socket: Socket;
  #givenUp = false;

  /** Takes over the descriptor. */
  constructor(fd: number) {
    this.#socket = new Socket({ fd, readable: false, writable: true });
    // Errors reach the callback of the write that met them.
    this.#socket.on("error", () => {});
  }

  wait(bytes: Uint8Array): Promise<number> {
    const next = bytes.subarray(0, ATOMIC_LENGTH);
    return new Promise((resolve, reject) => {
      this.#socket.write(next, (error) => {
        // When a socket is destroyed, Node.js reports no error for the bytes that it had not written.
        if (error || this.#givenUp) reject(error ?? new Error("given up"));
        else resolve(next.length);
      });
    });
  }

  giveUp(): void {
    this.#givenUp = true;
    this.#socket.destroy();
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.once("close", () => resolve());
      if (this.#socket.destroyed) resolve();
      else this.#socket.end(() => this.#socket.destroy());
    });
  }
}
