/** The counts of a watch, which go on over the captures that it makes one after the other. */
import type { CaptureCounters } from "../packets/captured.ts";
import type { TrafficTotals } from "../packets/traffic-counts.ts";
import { sum } from "./second-marks.ts";

export const NO_COUNTERS: CaptureCounters = {
  seen: 0,
  matched: 0,
  sampledOut: 0,
  rateLimited: 0,
  ringDropped: 0,
  overLimit: 0,
  delivered: 0,
};

export const NO_TOTALS: TrafficTotals = {
  packets: 0,
  bytes: 0,
  ipv4: 0,
  ipv6: 0,
  tcp: 0,
  udp: 0,
  icmp: 0,
  otherProtocol: 0,
  syn: 0,
  synAck: 0,
  rst: 0,
  fin: 0,
  ack: 0,
  otherTcp: 0,
  fragments: 0,
};

/** What a capture counts. */
export interface CountingSession {
  counters(): CaptureCounters;
  /** Undefined where the kernel has no tables: the totals then have the packets alone. */
  readonly counts?: { totals(): TrafficTotals } | undefined;
}

export function totalsOf(session: CountingSession): TrafficTotals {
  return session.counts?.totals() ?? { ...NO_TOTALS, packets: session.counters().matched };
}

export class WatchedCounts {
  #session: CountingSession | undefined;
  #counters = NO_COUNTERS;
  #totals = NO_TOTALS;

  begin(session: CountingSession): void {
    this.#session = session;
  }

  /** Keeps the last numbers of a capture that is over. */
  end(): void {
    [this.#counters, this.#totals] = [this.counters, this.totals];
    this.#session = undefined;
  }

  /** The sums of all captures. @throws RingcapError KERNEL when the kernel does not tell them */
  get counters(): CaptureCounters {
    return this.#session === undefined ? this.#counters : sum(this.#counters, this.#session.counters());
  }

  get totals(): TrafficTotals {
    return this.#session === undefined ? this.#totals : sum(this.#totals, totalsOf(this.#session));
  }
}
