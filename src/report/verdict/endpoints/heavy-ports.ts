/** The ports with most packets, 8 a list (Space-Saving; Metwally, Agrawal and El Abbadi, 2005): whatever has an eighth is among them. */
import type { PortAmount } from "./endpoint-facts.ts";

const KEPT = 8;

export class HeavyPorts {
  readonly #ports: Uint16Array;
  readonly #packets: Float64Array;
  /** How many packets an entry took over from the one that it replaced. */
  readonly #takenOver: Float64Array;
  /** Bytes since the entry came in. */
  readonly #bytes: Float64Array;

  constructor(lists: number) {
    this.#ports = new Uint16Array(lists * KEPT);
    this.#packets = new Float64Array(lists * KEPT);
    this.#takenOver = new Float64Array(lists * KEPT);
    this.#bytes = new Float64Array(lists * KEPT);
  }

  add(list: number, port: number, packets: number, bytes: number): void {
    const ports = this.#ports;
    const first = list * KEPT;
    for (let at = first; at < first + KEPT; at++) {
      if (ports[at] !== port) continue;
      this.#packets[at] = (this.#packets[at] ?? 0) + packets;
      this.#bytes[at] = (this.#bytes[at] ?? 0) + bytes;
      return;
    }
    this.#replace(first, port, packets, bytes);
  }

  #replace(first: number, port: number, more: number, bytes: number): void {
    const packets = this.#packets;
    let lightest = first;
    for (let at = first + 1; at < first + KEPT; at++) {
      if ((packets[at] ?? 0) < (packets[lightest] ?? 0)) lightest = at;
    }
    const least = packets[lightest] ?? 0;
    this.#ports[lightest] = port;
    this.#takenOver[lightest] = least;
    packets[lightest] = least + more;
    this.#bytes[lightest] = bytes;
  }

  clear(first: number, lists: number): void {
    for (const array of [this.#ports, this.#packets, this.#takenOver, this.#bytes]) {
      array.fill(0, first * KEPT, (first + lists) * KEPT);
    }
  }

  /** By packets. An entry has the packets since it came in, so that none has too many. */
  top(list: number): PortAmount[] {
    const ports: PortAmount[] = [];
    for (let at = list * KEPT; at < (list + 1) * KEPT; at++) {
      const packets = (this.#packets[at] ?? 0) - (this.#takenOver[at] ?? 0);
      if (packets > 0) ports.push({ port: this.#ports[at] ?? 0, packets, bytes: this.#bytes[at] ?? 0 });
    }
    return ports.sort((one, other) => other.packets - one.packets);
  }
}
