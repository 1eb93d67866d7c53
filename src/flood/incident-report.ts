/** incident.json: what happened, by schemas/incident.schema.json. */
import { hostname, release } from "node:os";
import { ringcapVersion } from "../outputs/application.ts";
import type { CaptureCounters, CapturedInterface } from "../packets/captured.ts";
import type { TrafficTotals } from "../packets/traffic-counts.ts";
import type { PacketReport } from "../pipeline/run.ts";
import { type Fingerprint, fingerprintOf } from "./fingerprint.ts";
import type { PageReport } from "./incident-page.ts";
import type { HeldRule } from "./incident-triggers.ts";
import { difference, type Mark } from "./second-marks.ts";
import type { TopTables } from "./top-keys.ts";
import { parseTrigger } from "./triggers/parse-trigger.ts";
import { zonedTime } from "./watch-clock.ts";

/** Why an incident ended. */
export type IncidentEnd = "over" | "longest time" | "watch stopped" | "interface gone" | "failed";

/**
 * What became of the packets of an incident, those of its history included: matched = sampledOut + rateLimited +
 * ringDropped + overLimit + written + writeFailed + forgotten.
 */
export interface IncidentPackets extends PacketReport {
  /** Packets for which the history had no room. */
  forgotten: number;
}

/**
 * Returns what became of the packets. Those that lie in the rings at the moment are not among them.
 *
 * @param counters of the capture since the beginning @param incident what the incident and the history did with theirs
 */
export function incidentPackets(
  { seen, matched: counted, sampledOut, rateLimited, ringDropped, overLimit }: CaptureCounters,
  { overSize, ...own }: Pick<IncidentPackets, "written" | "writeFailed" | "forgotten"> & { overSize: number },
): IncidentPackets {
  const fates = { sampledOut, rateLimited, ringDropped, overLimit: overLimit + overSize, ...own };
  const matched = Object.values(fates).reduce((sum, count) => sum + count, 0);
  // Packets that lay in the rings at the first moment were seen before it.
  return { seen: seen - counted + matched, matched, ...fates };
}

export interface SamplingStep {
  readonly time: bigint;
  /** From that time on, one matching packet in so many is recorded. */
  readonly oneIn: number;
  /** Packets that were handed to the files until the next step. */
  packets: number;
}

export interface FileReport {
  readonly name: string;
  readonly bytes: number;
  readonly packets: number;
  /** Undefined while the incident lasts, and where the file could not be read. */
  readonly sha256?: string | undefined;
}

/** What does not change in a watch. */
export interface WatchFacts {
  /** The command line. */
  readonly command: readonly string[];
  readonly filter: string | undefined;
  readonly snapshotLength: number;
  readonly interfaces: readonly CapturedInterface[];
}

export interface IncidentFacts {
  readonly name: string;
  readonly watch: WatchFacts;
  readonly triggeredAt: bigint;
  /** Undefined while the incident lasts. */
  readonly ended?:
    | { readonly time: bigint; readonly why: IncidentEnd; readonly error?: string | undefined }
    | undefined;
  readonly seconds: number;
  readonly rules: readonly HeldRule[];
  readonly unlistedRules: number;
  readonly packets: IncidentPackets;
  readonly bytes: number;
  readonly history: {
    readonly wantedSeconds: number;
    readonly seconds: number;
    readonly packets: number;
    readonly bytes: number;
  };
  /** The times of the first and of the last packet in the files. */
  readonly span: { readonly first: bigint; readonly last: bigint } | undefined;
  readonly sampling: readonly SamplingStep[];
  readonly marks: readonly Mark[];
  readonly top: TopTables;
  readonly files: readonly FileReport[];
  /** Undefined while the incident lasts, and where no page is wanted. */
  readonly page?: PageReport | undefined;
}

type SecondReport = TrafficTotals & { time: string; seconds: number };

export interface IncidentReport {
  readonly version: 1;
  readonly kind: "ringcap-incident";
  readonly state: "recording" | "ended";
  readonly name: string;
  readonly triggered: string;
  readonly ended: string | null;
  readonly why: IncidentEnd | null;
  readonly error?: string;
  readonly seconds: number;
  readonly packets: IncidentPackets;
  readonly bytes: { readonly written: number };
  /** The rules that held, the first one first. */
  readonly triggers: readonly { readonly rule: string }[];
  readonly history: { readonly seconds: number };
  readonly totals: TrafficTotals | null;
  readonly fingerprint: Fingerprint;
  readonly [other: string]: unknown;
}

/** Three decimals are kept. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function bySecond(marks: readonly Mark[]): SecondReport[] {
  return marks.slice(1).map((mark, index) => {
    const before = marks[index] ?? mark;
    const numbers = difference(mark.totals, before.totals);
    return { time: zonedTime(before.time), seconds: rounded(mark.elapsed - before.elapsed), ...numbers };
  });
}

/** What the kernel counted of the listening sockets; null where it does not tell. */
function listeningOf(first: Mark | undefined, last: Mark | undefined) {
  if (first?.pressure === undefined || last?.pressure === undefined) return null;
  const { listenOverflows, listenDrops, cookiesSent } = difference(last.pressure, first.pressure);
  return { overflows: listenOverflows, drops: listenDrops, cookiesSent };
}

function peakOf(seconds: readonly SecondReport[]): { time: string; packetsPerSecond: number } | null {
  let peak: { time: string; packetsPerSecond: number } | null = null;
  for (const { time, seconds: length, packets } of seconds) {
    // The last part of a second says nothing of a whole one.
    const packetsPerSecond = Math.round(packets / Math.max(1, length));
    if (packetsPerSecond > (peak?.packetsPerSecond ?? -1)) peak = { time, packetsPerSecond };
  }
  return peak;
}

/** Returns the usual rate of a rule about packets of any kind. The usual of other rules is in another unit, or of some packets. */
function usualPackets(rules: readonly HeldRule[]): number | null {
  const { usual } =
    rules.find((held) => held.usual !== undefined && parseTrigger(held.rule).condition.subject === "packets") ?? {};
  return usual === undefined ? null : rounded(usual);
}

export function incidentReport(facts: IncidentFacts): IncidentReport {
  const { watch, ended, rules, span, marks } = facts;
  const seconds = bySecond(marks);
  const [first, last] = [marks[0], marks.at(-1)];
  const totals = first === undefined || last === undefined ? null : difference(last.totals, first.totals);
  return {
    version: 1,
    kind: "ringcap-incident",
    state: ended === undefined ? "recording" : "ended",
    name: facts.name,
    triggered: zonedTime(facts.triggeredAt),
    ended: ended === undefined ? null : zonedTime(ended.time),
    why: ended?.why ?? null,
    ...(ended?.error === undefined ? {} : { error: ended.error }),
    seconds: rounded(facts.seconds),
    firstPacket: span === undefined ? null : zonedTime(span.first),
    lastPacket: span === undefined ? null : zonedTime(span.last),
    triggers: rules.map(({ rule, value, peak, threshold, first, last, usual, key }) => ({
      rule,
      value: rounded(value),
      peak: rounded(peak),
      threshold: rounded(threshold),
      ...(key === undefined ? {} : { key }),
      ...(usual === undefined ? {} : { usual: rounded(usual) }),
      first: zonedTime(first),
      last: zonedTime(last),
    })),
    unlistedTriggers: facts.unlistedRules,
    usualPacketsPerSecond: usualPackets(rules),
    peak: peakOf(seconds),
    packets: facts.packets,
    bytes: { written: facts.bytes },
    history: { ...facts.history, seconds: rounded(facts.history.seconds) },
    sampling: facts.sampling.map(({ time, oneIn, packets }) => ({ time: zonedTime(time), oneIn, packets })),
    files: facts.files,
    report: facts.page ?? null,
    totals,
    listening: listeningOf(first, last),
    bySecond: seconds,
    top: facts.top,
    fingerprint: fingerprintOf(totals, facts.top, {
      began: first?.time ?? facts.triggeredAt,
      seconds: last !== undefined && first !== undefined ? last.elapsed - first.elapsed : 0,
    }),
    interfaces: watch.interfaces.map(({ name, hook, direction, link }) => {
      return { name, hook, direction, linkType: link.linkType };
    }),
    filter: watch.filter ?? null,
    snapshotLength: watch.snapshotLength,
    command: watch.command,
    host: hostname(),
    kernel: release(),
    ringcap: ringcapVersion(),
  };
}
