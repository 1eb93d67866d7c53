/** What the events say of each host: its running incidents, and when it was last heard from. */

import type { EventName } from "../events/fleet-event.ts";
import { type Fields, fieldsOf, textOf, wholeOf } from "../json-fields.ts";
import { BoundedMap } from "./bounded-map.ts";
import type { FollowedEvent } from "./followed-event.ts";

/** An incident that runs, as far as it is known. */
export interface RunningIncident {
  readonly host: string;
  readonly incident: string;
  /** Its beginning in milliseconds since the epoch; undefined where nothing says it. */
  began: number | undefined;
  rule: string | undefined;
  /** Packets of the last second. */
  perSecond: number | undefined;
  /** Packets since its beginning. */
  total: number | undefined;
  dropped: number | undefined;
  source: string | undefined;
  victim: string | undefined;
  /** When an event of it was heard last, in milliseconds since the epoch. */
  heard: number;
  /** The watch that told of it last, and the number of that event in the watch. */
  watch: string | undefined;
  sequence: number;
}

/** Who is hit at a time, and how the others are. Hosts are in the order of their names. */
export interface FleetView {
  /** The one with the most packets a second first. */
  readonly hit: readonly RunningIncident[];
  readonly quiet: readonly string[];
  /** Hosts whose watch was stopped. */
  readonly stopped: readonly string[];
  /** Hosts without news of their health, and for how many seconds. */
  readonly overdue: readonly { readonly host: string; readonly seconds: number }[];
  /** Hosts of whose health nothing was heard. */
  readonly unknown: readonly string[];
  /** Hosts and incidents for which there was no room. */
  readonly forgotten: number;
}

interface Host {
  /** When its health was heard last, in milliseconds since the epoch. */
  health: number | undefined;
  isStopped: boolean;
  wasOverdue: boolean;
}

/** Hosts say once a minute how they are, and while an incident lasts each second what it is. Two messages may be missing. */
export const OVERDUE_SECONDS = 150;
const MOST_HOSTS = 10_000;
/** The most characters of a text that is remembered. */
const LONGEST = 80;
const STAMP = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-/;

export class FleetState {
  readonly #hosts: BoundedMap<string, Host>;
  readonly #incidents: BoundedMap<string, RunningIncident>;

  constructor(most = MOST_HOSTS) {
    this.#hosts = new BoundedMap(most);
    this.#incidents = new BoundedMap(most);
  }

  /** @param heard when the server got the event, in milliseconds since the epoch */
  apply(event: FollowedEvent, heard: number): void {
    const host = this.#hosts.use(event.host, () => ({ health: undefined, isStopped: false, wasOverdue: false }));
    if (event.kind === "health") {
      host.health = Math.max(heard, host.health ?? heard);
      host.isStopped = event.fields.state === "ended";
      return;
    }
    const key = JSON.stringify([event.host, event.incident]);
    if (event.kind === "ended") {
      this.#incidents.delete(key);
      this.#endOlder(event);
      return;
    }
    const running = this.#incidents.use(key, () => newIncident(event.host, event.incident ?? ""));
    running.heard = Math.max(heard, running.heard);
    running.watch = textOf(event.fields.watch);
    running.sequence = event.sequence ?? 0;
    UPDATES[event.kind](running, event);
  }

  /**
   * A watch records one incident at a time. Of a stream of which only the last event of each kind is read, the end of an incident may be
   * missing: it is over where a later one of the watch has ended.
   */
  #endOlder({ host, incident, sequence, fields }: FollowedEvent): void {
    const later = beginningOf(incident ?? "");
    if (sequence === undefined || later === undefined) return;
    for (const [key, running] of [...this.#incidents.entries()]) {
      const isOfWatch = running.host === host && running.watch !== undefined && running.watch === fields.watch;
      const began = beginningOf(running.incident);
      if (isOfWatch && running.sequence < sequence && began !== undefined && began < later) this.#incidents.delete(key);
    }
  }

  /** The hosts that became overdue since this was asked last, and those that are not any more. @param now milliseconds since the epoch */
  healthChanges(now: number): { readonly host: string; readonly isOverdue: boolean }[] {
    const changes = [];
    for (const [name, host] of this.#hosts.entries()) {
      const isOverdue = isHostOverdue(host, now);
      if (isOverdue !== host.wasOverdue) changes.push({ host: name, isOverdue });
      host.wasOverdue = isOverdue;
    }
    return changes;
  }

  /** @param now milliseconds since the epoch */
  view(now: number): FleetView {
    const hit = [...this.#incidents.entries()]
      .map(([, incident]) => incident)
      .filter(({ heard }) => !isLate(heard, now))
      .sort((one, other) => (other.perSecond ?? 0) - (one.perSecond ?? 0) || (one.host < other.host ? -1 : 1));
    const hitHosts = new Set(hit.map(({ host }) => host));
    const quiet: string[] = [];
    const stopped: string[] = [];
    const unknown: string[] = [];
    const overdue: { host: string; seconds: number }[] = [];
    for (const [name, host] of this.#hosts.entries()) {
      if (isHostOverdue(host, now))
        overdue.push({ host: name, seconds: Math.floor((now - (host.health ?? now)) / 1000) });
      else if (hitHosts.has(name)) continue;
      else if (host.health === undefined) unknown.push(name);
      else (host.isStopped ? stopped : quiet).push(name);
    }
    overdue.sort((one, other) => (one.host < other.host ? -1 : 1));
    const forgotten = this.#hosts.forgotten + this.#incidents.forgotten;
    return { hit, quiet: quiet.sort(), stopped: stopped.sort(), overdue, unknown: unknown.sort(), forgotten };
  }
}

function isHostOverdue({ health, isStopped }: Host, now: number): boolean {
  return health !== undefined && !isStopped && isLate(health, now);
}

function isLate(heard: number, now: number): boolean {
  return now - heard > OVERDUE_SECONDS * 1000;
}

function newIncident(host: string, incident: string): RunningIncident {
  const began = beginningOf(incident);
  const unknown = { rule: undefined, perSecond: undefined, total: undefined, dropped: undefined };
  const from = { heard: 0, watch: undefined, sequence: 0 };
  return { host, incident, began, ...unknown, source: undefined, victim: undefined, ...from };
}

/** When an incident began, as its name says, in milliseconds since the epoch. */
function beginningOf(incident: string): number | undefined {
  const [, ...fields] = STAMP.exec(incident) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields.map(Number);
  return fields.length > 0 ? Date.UTC(year, month - 1, day, hour, minute, second) : undefined;
}

type Update = (incident: RunningIncident, event: FollowedEvent) => void;

const UPDATES: Readonly<Record<Exclude<EventName, "health" | "ended">, Update>> = {
  began(incident, event) {
    incident.began = event.time.seconds * 1000;
    incident.rule = short(ruleOf(event.fields)) ?? incident.rule;
  },
  changed(incident, { fields }) {
    const [interval, total] = [fieldsOf(fields.interval), fieldsOf(fields.total)];
    incident.perSecond = rateOf(interval);
    incident.total = wholeOf(total?.packets) ?? incident.total;
    incident.dropped = wholeOf(total?.dropped) ?? incident.dropped;
    const top = fieldsOf(fields.top);
    incident.source = short(heaviestOf(top, ["src", "src-net"]));
    incident.victim = short(heaviestOf(top, ["dst+port", "dst", "dst-port"]));
  },
};

/** The first rule that held, of an event that says that an incident began. */
export function ruleOf({ triggers }: Fields): string | undefined {
  const [first] = Array.isArray(triggers) ? triggers : [];
  return textOf(fieldsOf(first)?.rule);
}

function rateOf(interval: Fields | undefined): number | undefined {
  const [packets, seconds] = [wholeOf(interval?.packets), interval?.seconds];
  if (packets === undefined || typeof seconds !== "number" || !(seconds > 0)) return undefined;
  return Math.round(packets / seconds);
}

/** The first key of the first of the kinds that has one. */
function heaviestOf(top: Fields | undefined, kinds: readonly string[]): string | undefined {
  for (const kind of kinds) {
    const keys = top !== undefined && Object.hasOwn(top, kind) ? top[kind] : undefined;
    const key = textOf(fieldsOf(Array.isArray(keys) ? keys[0] : undefined)?.key);
    if (key !== undefined) return key;
  }
  return undefined;
}

function short(text: string | undefined): string | undefined {
  return text?.slice(0, LONGEST);
}
