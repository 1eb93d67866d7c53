/** Hands the history over to an incident in parts, between which the capture goes on. New packets queue behind the others. */
import type { History } from "./history.ts";
import type { PacketRow } from "./packet-row.ts";
import type { WatchClock } from "./watch-clock.ts";

/** Bytes that are written at least before other work goes on. */
const STEP = 4 << 20;

interface RowWriter {
  write(row: PacketRow): void | Promise<void>;
}

export class HandOver {
  readonly #history: History;
  readonly #clock: WatchClock;

  constructor(history: History, clock: WatchClock) {
    this.#history = history;
    this.#clock = clock;
  }

  /** Puts packets behind those that wait, and writes twice as much of these. Nothing is forgotten for its age meanwhile. */
  async queue(row: PacketRow, into: RowWriter): Promise<void> {
    const { length } = row.bytes;
    while (!this.#history.fits(length) && this.#history.packets > 0) await this.#write(1, into);
    this.#history.append(row, this.#clock.elapsed(), this.#clock.time());
    await this.#write(Math.max(STEP, 2 * length), into);
  }

  /** Writes a part of what waits. */
  async step(into: RowWriter): Promise<void> {
    await this.#write(STEP, into);
  }

  /** Writes all that waits. */
  async all(into: RowWriter): Promise<void> {
    await this.#write(Number.POSITIVE_INFINITY, into);
  }

  async #write(bytes: number, into: RowWriter): Promise<void> {
    for (let written = 0; written < bytes; ) {
      const row = this.#history.first();
      if (row === undefined) return;
      await into.write(row);
      written += row.bytes.length;
      this.#history.takeFirst();
    }
  }
}
