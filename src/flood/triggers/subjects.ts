/** What a rule of `ringcap watch` can be about: the words of its subject, and where their numbers are found. */
import { likelyLeast, type TrafficEntry, type TrafficTotals } from "../../packets/traffic-counts.ts";
import type { Observation } from "../observation.ts";

/** Matching packets of some kind, or their bytes. */
const TRAFFIC = {
  packets: "packets",
  bytes: "bytes",
  ipv4: "ipv4",
  ipv6: "ipv6",
  tcp: "tcp",
  udp: "udp",
  icmp: "icmp",
  "other-protocol": "otherProtocol",
  syn: "syn",
  synack: "synAck",
  rst: "rst",
  fin: "fin",
  ack: "ack",
  "other-tcp": "otherTcp",
  fragments: "fragments",
} as const satisfies Readonly<Record<string, keyof TrafficTotals>>;

export type TrafficSubject = keyof typeof TRAFFIC;
export const TRAFFIC_SUBJECTS = Object.keys(TRAFFIC) as readonly TrafficSubject[];

/** What the kernel has trouble with, in the order of ListenPressure, and the drops of the rings. */
export const PRESSURE_SUBJECTS = ["listen-overflows", "listen-drops", "cookies"] as const;
type PressureSubject = (typeof PRESSURE_SUBJECTS)[number];

export type Subject = TrafficSubject | PressureSubject | "ring-drops";
export const SUBJECTS: readonly Subject[] = [...TRAFFIC_SUBJECTS, ...PRESSURE_SUBJECTS, "ring-drops"];

/** The subjects that are counted of each key. */
export const KEY_SUBJECTS = ["packets", "bytes", "syn"] as const;
export type KeySubject = (typeof KEY_SUBJECTS)[number];

export function isTraffic(subject: Subject): subject is TrafficSubject {
  return Object.hasOwn(TRAFFIC, subject);
}

export function isPressure(subject: Subject): boolean {
  return (PRESSURE_SUBJECTS as readonly Subject[]).includes(subject);
}

export function isCountedOfKeys(subject: Subject): subject is KeySubject {
  return (KEY_SUBJECTS as readonly Subject[]).includes(subject);
}

/** Makes a record of what is made for each kind of traffic. */
export function ofEachTraffic<T>(make: (subject: TrafficSubject) => T): Record<TrafficSubject, T> {
  return Object.fromEntries(TRAFFIC_SUBJECTS.map((subject) => [subject, make(subject)])) as Record<TrafficSubject, T>;
}

/** Returns the name that the totals have for it. */
export function totalsNameOf(subject: TrafficSubject): keyof TrafficTotals {
  return TRAFFIC[subject];
}

/** Returns a number of packets or bytes since the start. */
export function trafficOf(subject: TrafficSubject, totals: TrafficTotals): number {
  return totals[TRAFFIC[subject]];
}

/** Returns the number since the start, of any subject; undefined for pressure that could not be read at the moment. */
export function totalOf(subject: Subject, { totals, counters, pressure }: Observation): number | undefined {
  switch (subject) {
    case "listen-overflows":
      return pressure?.listenOverflows;
    case "listen-drops":
      return pressure?.listenDrops;
    case "cookies":
      return pressure?.cookiesSent;
    case "ring-drops":
      return counters.ringDropped;
    default:
      return trafficOf(subject, totals);
  }
}

/**
 * Returns what a key had at least in a window, so that neither a flood of random keys nor the chance of sampling makes a
 * key heavy that is not.
 */
export function leastOf(subject: KeySubject, { packets, bytes, syns, standardError }: TrafficEntry): number {
  const count = { packets, bytes, syn: syns }[subject];
  if (standardError === 0) return count;
  // One in so many packets is counted, and the packets of a key are mostly of one length.
  const deviation = subject === "syn" ? Math.sqrt(syns / packets) : count / packets;
  return likelyLeast(count, standardError * deviation);
}
