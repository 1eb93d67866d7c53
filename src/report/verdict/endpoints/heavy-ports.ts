/** The ports with most packets, 8 a list (Space-Saving; Metwally, Agrawal and El Abbadi, 2005). */
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

  add(list: number, port: number, bytes: number): void {
    const end = (list + 1) * KEPT;
    let lightest = list * KEPT;
    let least = Number.POSITIVE_INFINITY;
    for (let at = lightest; at < end; at++) {
      const packets = this.#packets[at] ?? 0;
      if (this.#ports[at] === port && packets > 0) {
        this.#packets[at] = packets + 1;
        this.#bytes[at] = (this.#bytes[at] ?? 0) + bytes;
        return;
      }
      if (packets < least) {
        least = packets;
        lightest = at;
      }
    }
    this.#ports[lightest] = port;
    this.#takenOver[lightest] = least;
    this.#packets[lightest] = least + 1;
    this.#bytes[lightest] = bytes;
  }

  clear(first: number, lists: number): void {
    this.#packets.fill(0, first * KEPT, (first + lists) * KEPT);
  }

  /** By packets. An entry has the packets since it came in, so that none has too many. */
  top(list: number): PortAmount[] {
    const ports: PortAmount[] = [];
    for (let at = list * KEPT; at < (list + 1) * KEPT; at++) {
      const packets = (this.#packets[at] ?? 0) - (this.#takenOver[at] ?? 0);
      if (this.#packets[at] !== 0) ports.push({ port: this.#ports[at] ?? 0, packets, bytes: this.#bytes[at] ?? 0 });
    }
    return ports.sort((one, other) => other.packets - one.packets);
  }
}
