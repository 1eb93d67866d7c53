/**
 * Finds the second with most packets, in memory that does not grow. Packets may be up to 68 minutes out of order. A second whose
 * packets are spread farther over the capture is counted in parts.
 */
import type { Analysis } from "../analysis/analysis.ts";
import type { HeaderColumns } from "../analysis/header-columns.ts";
import type { Amount } from "../values.ts";

/** Seconds that are counted at a time. */
const SECONDS = 4096;

export interface Peak extends Amount {
  /** Since the epoch. */
  readonly second: number;
}

export class PeakSecond implements Analysis {
  readonly #second = new Float64Array(SECONDS).fill(Number.NaN);
  readonly #packets = new Float64Array(SECONDS);
  readonly #bytes = new Float64Array(SECONDS);
  #best: Peak | undefined;

  add(columns: HeaderColumns): void {
    const { count, hasTime, seconds, originalLength } = columns;
    let slot = -1;
    let counted = Number.NaN;
    for (let index = 0; index < count; index++) {
      if (hasTime[index] === 0) continue;
      const second = seconds[index] ?? 0;
      if (second !== counted) {
        slot = ((second % SECONDS) + SECONDS) % SECONDS;
        counted = second;
        if (this.#second[slot] !== second) this.#begin(slot, second);
      }
      this.#packets[slot] = (this.#packets[slot] ?? 0) + 1;
      this.#bytes[slot] = (this.#bytes[slot] ?? 0) + (originalLength[index] ?? 0);
    }
  }

  #begin(slot: number, second: number): void {
    this.#consider(slot);
    this.#second[slot] = second;
    this.#packets[slot] = 0;
    this.#bytes[slot] = 0;
  }

  /** Of seconds with as many packets, the earliest is the peak. */
  #consider(slot: number): void {
    const packets = this.#packets[slot] ?? 0;
    const second = this.#second[slot] ?? Number.NaN;
    const { packets: most = 0, second: best = Number.POSITIVE_INFINITY } = this.#best ?? {};
    if (packets > most || (packets === most && packets > 0 && second < best)) {
      this.#best = { second, packets, bytes: this.#bytes[slot] ?? 0 };
    }
  }

  /** The second with most packets; undefined where no packet has a time. */
  peak(): Peak | undefined {
    for (let slot = 0; slot < SECONDS; slot++) this.#consider(slot);
    return this.#best;
  }
}
