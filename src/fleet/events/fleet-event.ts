/**
 * What a watch tells other hosts of: one JSON object for each event, and never a packet. docs/fleet.md and
 * schemas/fleet.event.schema.json have the same contract for other programs.
 *
 * Numbers of packets and bytes are whole numbers below 2^53. Times are RFC 3339 in UTC with nine decimals.
 */

export const EVENT_NAMES = ["began", "changed", "ended", "health"] as const;
export type EventName = (typeof EVENT_NAMES)[number];

/** What every event has. */
export interface EventHead {
  readonly version: 1;
  /** Names this event among all events of all hosts: see eventId(). */
  readonly id: string;
  /** The name of the host, as it calls itself or as --parquet-host says. */
  readonly host: string;
  /** When the watch began, in nanoseconds since the epoch as decimal digits. It names the watch of a host. */
  readonly watch: string;
  /** The number of the event in its watch, from 1 on and without a gap, so that a reader sees what is missing. */
  readonly sequence: number;
  readonly time: string;
}

/** What was counted in a stretch of time, in packets and bytes. */
export interface EventCounts {
  /** How long it is, in seconds. */
  readonly seconds: number;
  /** Packets that the kernel counted. */
  readonly packets: number;
  /** The bytes of these packets as they were on the wire; null where the capture does not count them. */
  readonly bytes: number | null;
  /** Packets that passed the filter. */
  readonly matched: number;
  /** Of these, packets that sampling and the rate limit left out. */
  readonly sampled: number;
  /** Of these, packets that were lost for want of room. */
  readonly dropped: number;
}

/** A rule that fired. `value` and `threshold` are in the unit of the rule. */
export interface EventTrigger {
  readonly rule: string;
  readonly value: number;
  readonly threshold: number;
  /** The key that the rule fired for, where it is a rule per key. */
  readonly key?: string;
  /** What is usual at this hour of the week, where the rule compares with it. */
  readonly usual?: number;
}

/** One of the heaviest keys of the last second: packets, bytes, and TCP with SYN and without ACK. */
export interface EventKey {
  readonly key: string;
  readonly packets: number;
  readonly bytes: number;
  readonly syns: number;
}

export const KEY_KINDS = ["src", "src-net", "dst", "dst-port", "dst+port"] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

export interface BeganEvent extends EventHead {
  readonly event: "began";
  /** The name of the incident's directory. */
  readonly incident: string;
  readonly triggers: readonly EventTrigger[];
  readonly interfaces: readonly string[];
  /** From the first packet of the history on, which is before the rule fired. */
  readonly total: EventCounts;
}

/** Once a second while an incident lasts. */
export interface ChangedEvent extends EventHead {
  readonly event: "changed";
  readonly incident: string;
  /** Since the event before: `began`, or another `changed`. */
  readonly interval: EventCounts;
  /** From the first packet of the history on. */
  readonly total: EventCounts;
  /** One matching packet in so many is recorded. */
  readonly oneIn: number;
  /** At most five of each kind that is counted, in descending order of packets. */
  readonly top: { readonly [Kind in KeyKind]?: readonly EventKey[] };
}

/** What became of packets: numbers of them. See docs/watch.md. */
export interface EventPackets {
  readonly seen: number;
  readonly matched: number;
  readonly sampledOut: number;
  readonly rateLimited: number;
  readonly ringDropped: number;
  readonly overLimit: number;
  readonly written: number;
  readonly writeFailed: number;
  readonly forgotten: number;
}

export interface EndedEvent extends EventHead {
  readonly event: "ended";
  readonly incident: string;
  readonly why: "over" | "longest time" | "watch stopped" | "interface gone" | "failed";
  /** What failed, where something did. */
  readonly error?: string;
  /** From the rule that fired to the end. */
  readonly seconds: number;
  /** What became of the packets of the incident; absent where its directory could not be made. */
  readonly packets?: EventPackets;
  /** Bytes of the capture files. */
  readonly bytes: number;
  /** From the first packet of the history on; absent where `packets` is. */
  readonly total?: EventCounts;
}

/** At the start of the watch, once a minute, and at its end. */
export interface HealthEvent extends EventHead {
  readonly event: "health";
  readonly state: "watching" | "ended";
  /** The version of ringcap. */
  readonly ringcap: string;
  /** Since the start of the watch. */
  readonly packets: EventPackets;
  readonly interfaces: readonly { readonly name: string; readonly captured: boolean }[];
  /** Incidents since the start of the watch. */
  readonly incidents: number;
  /** Events that wait for the server with their bytes, and the number that was dropped since the start for want of room. */
  readonly spool: { readonly events: number; readonly bytes: number; readonly dropped: number };
}

export type FleetEvent = BeganEvent | ChangedEvent | EndedEvent | HealthEvent;

type WithoutHead<Event> = Event extends FleetEvent ? Omit<Event, keyof EventHead> : never;
/** What an event says beside its head. */
export type EventBody = WithoutHead<FleetEvent>;
