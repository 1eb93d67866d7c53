/** An event of each kind, with all that it may have. */
import type { EventBody, EventCounts, EventHead, FleetEvent } from "../../src/fleet/events/fleet-event.ts";
import { eventId } from "../../src/fleet/events/subject.ts";

export const WATCH = "1764340989123456789";

const total: EventCounts = { seconds: 12.5, packets: 9001, bytes: 540_060, matched: 9001, sampled: 4000, dropped: 1 };
const packets = {
  seen: 9001,
  matched: 9001,
  sampledOut: 4000,
  rateLimited: 0,
  ringDropped: 1,
  overLimit: 0,
  written: 5000,
  writeFailed: 0,
  forgotten: 0,
};
const incident = "20261128T144309Z-20000-s";
const key = (name: string) => ({ key: name, packets: 9000, bytes: 540_000, syns: 9000 });

export const BODIES: readonly EventBody[] = [
  {
    event: "began",
    incident,
    triggers: [
      { rule: "20000/s", value: 21_000.5, threshold: 20_000 },
      { rule: "2000/s per src", value: 2100, threshold: 2000, key: "192.0.2.7", usual: 5 },
    ],
    interfaces: ["eth0"],
    total: { ...total, bytes: null },
  },
  {
    event: "changed",
    incident,
    interval: total,
    total,
    oneIn: 2,
    top: {
      src: [key("192.0.2.7")],
      "src-net": [key("192.0.2.0/24")],
      dst: [],
      "dst-port": [key("443")],
      "dst+port": [key("[2001:db8::1]:443")],
    },
  },
  {
    event: "ended",
    incident,
    why: "over",
    seconds: 30.25,
    packets,
    bytes: 7_000_000,
    total,
  },
  { event: "ended", incident, why: "failed", error: "no space left on device", seconds: 0, bytes: 0 },
  {
    event: "health",
    state: "watching",
    ringcap: "0.1.0",
    packets,
    interfaces: [
      { name: "eth0", captured: true },
      { name: "eth1", captured: false },
    ],
    incidents: 1,
    spool: { events: 3, bytes: 2000, dropped: 0 },
  },
];

export function sampleEvent(body: EventBody, sequence = 1, host = "web1"): FleetEvent {
  const head: EventHead = {
    version: 1,
    id: eventId(host, WATCH, sequence, 0n),
    host,
    watch: WATCH,
    sequence,
    time: "2026-11-28T14:43:09.123456789Z",
  };
  return { ...head, ...body };
}
