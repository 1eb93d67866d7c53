/** The key of an attempt to connect: a hash of 64 bits over both addresses, both ports and the client's initial sequence number. */
import type { HeaderColumns } from "./header-columns.ts";
import { mix } from "./mix.ts";

/** One object serves for all packets. */
export class Attempt {
  /** Both halves of the hash, signed. */
  hash = 0;
  check = 0;

  /** Takes a packet of the client. @param initial the client's initial sequence number */
  fromClient(columns: HeaderColumns, index: number, initial: number): void {
    const { sourceHash, destinationHash, sourcePort, destinationPort } = columns;
    const ports = ((sourcePort[index] ?? 0) << 16) | (destinationPort[index] ?? 0);
    this.#set(sourceHash[index] ?? 0, destinationHash[index] ?? 0, ports, initial);
  }

  /** Takes a packet of the server. @param initial the client's initial sequence number */
  fromServer(columns: HeaderColumns, index: number, initial: number): void {
    const { sourceHash, destinationHash, sourcePort, destinationPort } = columns;
    const ports = ((destinationPort[index] ?? 0) << 16) | (sourcePort[index] ?? 0);
    this.#set(destinationHash[index] ?? 0, sourceHash[index] ?? 0, ports, initial);
  }

  #set(client: number, server: number, ports: number, initial: number): void {
    const first = Math.imul(client ^ Math.imul(server, 0x9e37_79b1), 0x85eb_ca6b) ^ ports;
    const second = Math.imul(server ^ Math.imul(client, 0xc2b2_ae35), 0x27d4_eb2f) ^ initial;
    this.hash = mix(first ^ Math.imul(initial, 0x1656_67b1)) | 0;
    this.check = mix(second ^ Math.imul(ports, 0x9e37_79b1)) | 0;
  }
}
