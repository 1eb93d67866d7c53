/**
 * Writes bytes to a descriptor without making the writer wait. Bytes that the descriptor does not take at once are
 * offered again.
 */
import { errnoOf, RingcapError } from "../errors.ts";
import { outputError } from "../pcap-writer/index.ts";
import type { ByteOutput } from "./byte-sink.ts";
import type { Room } from "./room.ts";
import { writeAll } from "./write-all.ts";

export class WaitingOutput implements ByteOutput {
  readonly #fd: number;
  readonly #name: string;
  readonly #room: Room;
  #abandoned = false;
  bytesWritten = 0;

  /** @param fd descriptor of an open file description with O_NONBLOCK; the room closes it */
  constructor(fd: number, name: string, room: Room) {
    this.#fd = fd;
    this.#name = name;
    this.#room = room;
  }

  write(bytes: Uint8Array): void | Promise<void> {
    const left = this.#push(bytes);
    if (left.length > 0) return this.#pushAll(left);
  }

  async #pushAll(bytes: Uint8Array): Promise<void> {
    let left = bytes;
    while (left.length > 0) {
      let taken: number;
      try {
        taken = await this.#room.wait(left);
      } catch (error) {
        throw this.#abandoned ? this.#givenUp() : outputError(this.#name, error);
      }
      this.bytesWritten += taken;
      left = this.#push(left.subarray(taken));
    }
  }

  /** Writes bytes. @returns those that were not taken at once */
  #push(bytes: Uint8Array): Uint8Array {
    if (this.#abandoned) throw this.#givenUp();
    let written = 0;
    try {
      writeAll(this.#fd, bytes, (count) => {
        written += count;
        this.bytesWritten += count;
      });
    } catch (error) {
      if (errnoOf(error) !== "EAGAIN") throw outputError(this.#name, error);
    }
    return bytes.subarray(written);
  }

  #givenUp(): RingcapError {
    const operation = `write ${this.#name}`;
    return new RingcapError(`${operation}: stopped before everything was written`, { code: "OUTPUT", operation });
  }

  abandon(): void {
    this.#abandoned = true;
    this.#room.giveUp();
  }

  close(): Promise<void> {
    return this.#room.close();
  }
}
