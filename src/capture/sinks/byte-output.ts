/** Bytes to a descriptor: at once to files and terminals, on the event loop to pipes and sockets, whose reader may stall. */
import { closeSync, fstatSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { outputError } from "../../pcap-writer/index.ts";

export interface ByteOutput {
  /** Bytes that were taken. */
  readonly bytesWritten: number;
  /** The bytes may be reused when it returns, or when its promise resolves. @throws RingcapError OUTPUT, OUTPUT_CLOSED */
  write(bytes: Uint8Array): void | Promise<void>;
  close(): void | Promise<void>;
}

/** Takes over the descriptor. */
export function openByteOutput(fd: number, name: string): ByteOutput {
  const stat = fstatSync(fd);
  return stat.isFIFO() || stat.isSocket() ? new StreamOutput(fd, name) : new FileOutput(fd, name);
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
    let written = 0;
    try {
      while (written < bytes.length) {
        const count = writeSync(this.#fd, bytes, written);
        written += count;
        this.bytesWritten += count;
      }
    } catch (error) {
      throw outputError(this.#name, error);
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}

class StreamOutput implements ByteOutput {
  readonly #socket: Socket;
  readonly #name: string;
  bytesWritten = 0;

  constructor(fd: number, name: string) {
    this.#name = name;
    this.#socket = new Socket({ fd, readable: false, writable: true });
    // Errors reach the callback of the write that met them.
    this.#socket.on("error", () => {});
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => {
        if (error) {
          reject(outputError(this.#name, error));
          return;
        }
        this.bytesWritten += bytes.length;
        resolve();
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.once("close", () => resolve());
      if (this.#socket.destroyed) resolve();
      else this.#socket.end(() => this.#socket.destroy());
    });
  }
}
