/** Makes the events that a watch publishes (docs/fleet.md) of what it tells and counts. */
import { type EventBody, eventId, type FleetEvent, utcTime } from "../fleet/index.ts";
import { HOST_CLOCK, type Recorder, totalsOf, type Watch, type WatchEvent } from "../flood/index.ts";
import { ringcapVersion } from "../outputs/index.ts";
import type { TrafficWindow } from "../packets/index.ts";
import { type CountedUntil, countsBetween, endCounts, packetsOf, topOf } from "./event-counts.ts";
import { watchReport } from "./watch-report.ts";

/** Seconds between two events of an incident. */
const CHANGE_SECONDS = 1;

type Told<Name extends WatchEvent["event"]> = Extract<WatchEvent, { event: Name }>;
type Triggers = Told<"incident-began">["triggers"];

export interface PublishedWatch {
  readonly host: string;
  /** When the watch began, in nanoseconds since the epoch. */
  readonly began: bigint;
  readonly watch: Pick<Watch, "counts" | "interfaces" | "session">;
  readonly recorder: Recorder;
  /** Events that wait, their bytes, and the number of those that were dropped. */
  readonly spool: () => { readonly events: number; readonly bytes: number; readonly dropped: number };
  readonly publish: (event: FleetEvent) => void;
}

export class WatchEvents {
  readonly #published: PublishedWatch;
  #sequence = 0;
  /** What was counted until the last event of the incident that goes on. */
  #last: CountedUntil | undefined;
  #window: TrafficWindow | undefined;
  /** Whether the kernel counts bytes and kinds of packets. */
  #isCounted = false;

  constructor(published: PublishedWatch) {
    this.#published = published;
  }

  #publish(body: EventBody): void {
    const { host, began, publish } = this.#published;
    const sequence = ++this.#sequence;
    const watch = String(began);
    const time = utcTime(HOST_CLOCK.time());
    publish({ version: 1, id: eventId(host, watch, sequence), host, watch, sequence, time, ...body });
  }

  /** Publishes what others are to know of what the watch tells. */
  take(event: WatchEvent): void {
    if (event.event === "incident-began") this.#began(event.incident, event.triggers);
    else if (event.event === "incident-ended") this.#ended(event.incident, event);
    else if (event.event === "incident-failed") {
      if (event.triggers !== undefined) this.#began(event.incident, event.triggers);
      this.#ended(event.incident, event);
    }
  }

  #began(incident: string, triggers: Triggers): void {
    const { watch, recorder } = this.#published;
    const until = this.#countedUntil();
    this.#last = until;
    this.#window = undefined;
    this.#publish({
      event: "began",
      incident,
      triggers: triggers.map(({ rule, value, threshold, key, usual }) => ({
        rule,
        value,
        threshold,
        ...(key === undefined ? {} : { key }),
        ...(usual === undefined ? {} : { usual }),
      })),
      interfaces: watch.interfaces.map(({ name }) => name),
      total: countsBetween(recorder.incident?.since ?? until, until, this.#isCounted),
    });
  }

  #ended(
    incident: string,
    { report, reason }: { report?: Told<"incident-ended">["report"] | undefined; reason?: string },
  ): void {
    this.#publish({
      event: "ended",
      incident,
      why: report?.why ?? "failed",
      ...(reason === undefined ? {} : { error: reason }),
      seconds: report?.seconds ?? 0,
      bytes: report?.bytes.written ?? 0,
      ...(report === undefined ? {} : endCounts(report, this.#isCounted)),
    });
  }

  #countedUntil(): CountedUntil {
    const { session, counts } = this.#published.watch;
    this.#isCounted = session?.counts !== undefined;
    const [counters, totals] =
      session === undefined ? [counts.counters, counts.totals] : [session.counters(), totalsOf(session)];
    return { elapsed: HOST_CLOCK.elapsed(), counters, totals };
  }

  /** Takes the heaviest keys of the last second. */
  takeWindow(window: TrafficWindow): void {
    this.#window = window;
  }

  /** Is called at each look at the counts. */
  look(): void {
    const { incident } = this.#published.recorder;
    const last = this.#last;
    if (incident === undefined || last === undefined || HOST_CLOCK.elapsed() - last.elapsed < CHANGE_SECONDS) return;
    const until = this.#countedUntil();
    this.#last = until;
    this.#publish({
      event: "changed",
      incident: incident.name,
      interval: countsBetween(last, until, this.#isCounted),
      total: countsBetween(incident.since, until, this.#isCounted),
      oneIn: incident.policy.oneIn,
      top: topOf(this.#window),
    });
    this.#window = undefined;
  }

  /** Says how the watch is. @param state whether it goes on */
  health(state: "watching" | "ended"): void {
    const { watch, recorder, spool } = this.#published;
    this.#publish({
      event: "health",
      state,
      ringcap: ringcapVersion(),
      packets: packetsOf(watchReport(watch, recorder, 0).packets),
      interfaces: watch.interfaces.map(({ name, isCaptured }) => ({ name, captured: isCaptured })),
      incidents: recorder.counts.incidents,
      spool: spool(),
    });
  }
}
