/** What was counted at each second: the numbers of an incident by second are the differences. */
import type { ListenPressure } from "../host/listen-pressure.ts";
import type { StatisticsMark } from "../outputs/pcapng-statistics.ts";
import type { CaptureCounters, InterfaceCounters } from "../packets/captured.ts";
import type { TrafficTotals } from "../packets/traffic-counts.ts";

export interface Mark {
  /** Seconds of a clock that never steps. */
  readonly elapsed: number;
  /** Nanoseconds since the epoch. */
  readonly time: bigint;
  readonly counters: CaptureCounters;
  readonly totals: TrafficTotals;
  /** By the index of the interface. */
  readonly interfaces: ReadonlyMap<number, InterfaceCounters>;
  /** Of the network namespace, whatever matches; undefined where the kernel does not tell. */
  readonly pressure?: ListenPressure | undefined;
}

const SECOND = 1_000_000_000n;
/** The most seconds of an incident that are told one by one. The rest is in the last one. */
const MOST = 86_400;

export class SecondMarks {
  /** Seconds that are kept. */
  readonly #keep: number;
  #marks: Mark[] = [];
  /** Nothing from this moment on is forgotten. */
  #pinned = Number.POSITIVE_INFINITY;

  /** @param keep seconds */
  constructor(keep: number) {
    this.#keep = keep;
  }

  /** Keeps a mark where the second of the host's clock is another one than that of the last. @param make is called in that case alone */
  look({ elapsed, time }: Pick<Mark, "elapsed" | "time">, make: () => Mark): void {
    const last = this.#marks.at(-1);
    const isSame = last !== undefined && last.time / SECOND === time / SECOND;
    if (isSame || this.#marks.length >= MOST) return;
    this.#marks.push(make());
    const from = Math.min(this.#pinned, elapsed - this.#keep);
    while ((this.#marks[1]?.elapsed ?? from) < from) this.#marks.shift();
  }

  /** Returns the last mark that is not younger than a moment, or else the oldest one. */
  before(elapsed: number): Mark | undefined {
    return this.#marks.findLast((mark) => mark.elapsed <= elapsed) ?? this.#marks[0];
  }

  /** Keeps one of the marks and those behind it until release(). */
  pin({ elapsed }: Mark): void {
    this.#pinned = elapsed;
  }

  /** Returns the marks from one of them on. */
  since({ elapsed }: Mark): readonly Mark[] {
    return this.#marks.filter((mark) => mark.elapsed >= elapsed);
  }

  release(): void {
    this.#pinned = Number.POSITIVE_INFINITY;
  }

  clear(): void {
    this.#marks = [];
    this.release();
  }
}

/** Returns what a mark is for the statistics of a file. */
export function statisticsMark({ time, interfaces, counters }: Mark): StatisticsMark {
  return { time, interfaces, totals: counters };
}

/** Returns the differences of numbers. */
export function difference<Numbers extends Readonly<Record<keyof Numbers, number>>>(
  later: Numbers,
  earlier: Numbers,
): Numbers {
  const result = { ...later };
  for (const name in later) Object.assign(result, { [name]: later[name] - earlier[name] });
  return result;
}

/** Returns the sums of numbers. */
export function sum<Numbers extends Readonly<Record<keyof Numbers, number>>>(one: Numbers, other: Numbers): Numbers {
  const result = { ...one };
  for (const name in one) Object.assign(result, { [name]: one[name] + other[name] });
  return result;
}
