/** What rules and the usual rates are told, made by hand. */
import type { Observation } from "../../../src/flood/observation.ts";
import type { TrafficTotals } from "../../../src/packets/traffic-counts.ts";

export const NO_TRAFFIC: TrafficTotals = {
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

const NO_COUNTERS = { seen: 0, matched: 0, sampledOut: 0, rateLimited: 0, ringDropped: 0, overLimit: 0, delivered: 0 };
/** Nanoseconds since the epoch: Monday, 2024-01-01, 00:00 UTC. */
export const MONDAY = 1_704_067_200_000_000_000n;

export interface Moment extends Pick<Observation, "window" | "pressure"> {
  elapsed: number;
  totals?: Partial<TrafficTotals>;
  ringDropped?: number;
}

export function observationAt({ elapsed, totals = {}, ringDropped = 0, ...rest }: Moment): Observation {
  return {
    time: MONDAY + BigInt(Math.round(elapsed * 1e9)),
    elapsed,
    totals: { ...NO_TRAFFIC, ...totals },
    counters: { ...NO_COUNTERS, ringDropped },
    ...rest,
  };
}
