/** Datagrams of local sockets. */
import { readSync } from "node:fs";
import { errnoOf } from "../errors.ts";
import { addon } from "./addon.ts";
import type { Descriptor } from "./descriptor.ts";
import { Readiness } from "./readiness.ts";

/** Bytes of a message that are taken; the rest of a longer one is lost. */
const LENGTH_MAX = 65536;

/**
 * Sends one datagram to a local socket, without waiting.
 *
 * @param address the path of the socket, or "@" and its name in the abstract namespace (unix(7))
 * @throws a system failure: EAGAIN where the receiver has no room, ENOENT or ECONNREFUSED where there is none
 */
export function sendDatagram(address: string, message: string): void {
  addon().sendDatagram(addressOf(address), Buffer.from(message));
}

/** A local socket that takes datagrams until it is closed. */
export class DatagramReceiver implements Disposable {
  readonly #socket: Descriptor;
  readonly #readiness: Readiness;

  /**
   * @param address a path where nothing is yet, or "@" and a name in the abstract namespace
   * @param onMessage is called with each datagram as a text
   * @throws a system failure: EADDRINUSE where something has the address
   */
  constructor(address: string, onMessage: (message: string) => void) {
    this.#socket = addon().receiveDatagrams(addressOf(address));
    this.#readiness = new Readiness([this.#socket], () => {
      for (let message = this.#take(); message !== undefined; message = this.#take()) onMessage(message);
    });
  }

  #take(): string | undefined {
    if (this.#socket.fd < 0) return undefined;
    try {
      const bytes = Buffer.alloc(LENGTH_MAX);
      return bytes.toString("utf8", 0, readSync(this.#socket.fd, bytes));
    } catch (error) {
      if (errnoOf(error) === "EAGAIN") return undefined;
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#readiness.close();
    this.#socket.close();
  }
}

function addressOf(address: string): Buffer {
  const name = Buffer.from(address);
  if (address.startsWith("@")) name[0] = 0;
  return name;
}
