/**
 * The bytes of an incident. In its first seconds, packets that came before the sampling leave a part of them, however
 * many lay in the rings. A flood is therefore recorded to its end, also in a small incident.
 */
import { type PacketRow, rowUpTo } from "./packet-row.ts";

const RESERVED_PART = 1 / 4;
const RESERVED_SECONDS = 3;

export class SizeBudget {
  readonly #size: () => number;
  /** Packets and bytes that the files were handed. */
  packets = 0;
  #bytes = 0;
  /** Packets that were beyond the size. */
  overSize = 0;
  #isEarly = true;

  /** @param size bytes */
  constructor(size: () => number) {
    this.#size = size;
  }

  get #reserved(): number {
    return this.#isEarly ? this.#size() * RESERVED_PART : 0;
  }

  /** @param seconds since the beginning of the incident */
  pass(seconds: number): void {
    this.#isEarly = seconds < RESERVED_SECONDS;
  }

  /** Takes what has room of packets, and counts the others. @param isSampled whether they came behind the first sampling */
  take(row: PacketRow, isSampled: boolean): PacketRow {
    const fitting = rowUpTo(row, this.#size() - (isSampled ? 0 : this.#reserved) - this.#bytes);
    this.overSize += row.packets - fitting.packets;
    this.packets += fitting.packets;
    this.#bytes += fitting.bytes.length;
    return fitting;
  }

  /** Bytes that are left for packets which come from now on. @param waiting bytes that still wait in the history */
  left(waiting: number): number {
    return Math.max(this.#reserved, this.#size() - this.#bytes - waiting);
  }
}
