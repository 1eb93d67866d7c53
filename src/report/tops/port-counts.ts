/** Packets and bytes of every port. */
import type { TopList } from "../report.ts";
import { topListOf } from "./top-list.ts";

const PORTS = 65_536;

const MOST_RECENT = 0xffff_ffff;

export class PortCounts {
  /** Packets and bytes of each port, one behind the other, those that are recent apart. */
  readonly #numbers = new Float64Array(2 * PORTS);
  /** They take half of the processor's cache that the others would take. */
  readonly #recent = new Uint32Array(2 * PORTS);
  #packets = 0;

  add(port: number, packets: number, bytes: number): void {
    const recent = this.#recent;
    const at = 2 * port;
    this.#packets += packets;
    const allPackets = (recent[at] ?? 0) + packets;
    const allBytes = (recent[at + 1] ?? 0) + bytes;
    if (allPackets > MOST_RECENT || allBytes > MOST_RECENT) {
      this.#settle(port);
      this.#numbers[at] = (this.#numbers[at] ?? 0) + packets;
      this.#numbers[at + 1] = (this.#numbers[at + 1] ?? 0) + bytes;
    } else {
      recent[at] = allPackets;
      recent[at + 1] = allBytes;
    }
  }

  #settle(port: number): void {
    for (let at = 2 * port; at < 2 * port + 2; at++) {
      this.#numbers[at] = (this.#numbers[at] ?? 0) + (this.#recent[at] ?? 0);
      this.#recent[at] = 0;
    }
  }

  report(most: number): TopList {
    for (let port = 0; port < PORTS; port++) this.#settle(port);
    const numbers = this.#numbers;
    const packetsOf = (port: number) => numbers[2 * port] ?? 0;
    const ports = Array.from({ length: PORTS }, (_, port) => port).filter((port) => packetsOf(port) > 0);
    const distinct = ports.length;
    ports.sort((a, b) => packetsOf(b) - packetsOf(a) || a - b);
    const entries = ports.slice(0, most).map((port) => {
      return { key: String(port), packets: packetsOf(port), bytes: numbers[2 * port + 1] ?? 0 };
    });
    return topListOf(entries, this.#packets, { value: distinct, error: 0 }, 0);
  }
}
