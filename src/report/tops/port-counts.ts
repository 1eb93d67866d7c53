/** Packets and bytes of every port. */
import type { TopList } from "../report.ts";
import { topListOf } from "./top-list.ts";

const PORTS = 65_536;

export class PortCounts {
  /** Packets and bytes of each port, one behind the other. */
  readonly #numbers = new Float64Array(2 * PORTS);
  #packets = 0;

  add(port: number, packets: number, bytes: number): void {
    const numbers = this.#numbers;
    const at = 2 * port;
    numbers[at] = (numbers[at] ?? 0) + packets;
    numbers[at + 1] = (numbers[at + 1] ?? 0) + bytes;
    this.#packets += packets;
  }

  report(most: number): TopList {
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
