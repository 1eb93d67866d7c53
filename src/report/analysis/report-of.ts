/** Puts the parts of a report together. */
import type { CaptureCounters } from "../../packets/captured.ts";
import { completenessOf } from "../completeness/completeness-of.ts";
import type { FileIdentity, FileReading } from "../completeness/file-reading.ts";
import type { PacketCounts } from "../counts/packet-counts.ts";
import type { Report, VictimReport } from "../report.ts";
import { judge } from "../spoofing/judge.ts";
import type { RateMark } from "../values.ts";
import { withKnownSources } from "../verdict/known-sources.ts";
import { verdictOf } from "../verdict/verdict-of.ts";
import { victimOf } from "../victim/victim.ts";
import type { Analyses } from "./analyses.ts";

/** What packets and blocks do not tell. */
export interface ReportFacts {
  /** The time of the report in ISO 8601 with its zone. */
  readonly created: string;
  readonly ringcap: string;
  readonly command: readonly string[];
  readonly filter: string | null;
  /** Of each file, in the order in which they were read. */
  readonly files: readonly FileIdentity[];
  /** Of a watch: its trigger and the end of the incident. */
  readonly marks?: readonly RateMark[];
  readonly kernel?: VictimReport["kernel"];
}

/** What was read. */
export interface Readings {
  readonly files: readonly FileReading[];
  /** The counters of captures that were no files. */
  readonly live: readonly CaptureCounters[];
  /** Packets that were read, those that a filter left out included. */
  readonly read: number;
}

export function reportOf(analyses: Analyses, readings: Readings, facts: ReportFacts): Report {
  const { counts } = analyses;
  const { created, ringcap, command, filter } = facts;
  const completeness = completenessOf(readings.files, readings.live, counts);
  const files = readings.files.flatMap((file, place) => {
    const identity = facts.files[place];
    return identity === undefined ? [] : [file.facts(identity)];
  });
  const parts = {
    packets: counts.report(readings.read),
    span: spanOf(counts),
    completeness,
    rates: analyses.rates.report(inOrder([...completeness.marks, ...(facts.marks ?? [])])),
    fingerprints: analyses.fingerprints.report(),
  };
  const endpoints = analyses.endpoints.endpoints();
  const { verdict, spoofing } = judge(analyses.spoofing, analyses.fingerprints.attempts, (evidence) => {
    return verdictOf({ ...parts, filter, files, endpoints: withKnownSources(endpoints, evidence), spoofing: evidence });
  });
  return {
    version: 1,
    kind: "ringcap-report",
    created,
    ringcap,
    command,
    anonymized: false,
    filter,
    files,
    ...parts,
    verdict,
    spoofing,
    top: analyses.tops.report(),
    victim: victimOf(verdict.target?.address, endpoints, analyses.fingerprints.attempts, facts.kernel ?? null),
  };
}

function spanOf({ span }: PacketCounts): Report["span"] {
  if (span === undefined) return null;
  return { first: span.first.text, last: span.last.text, seconds: span.last.since(span.first) };
}

function inOrder(marks: readonly RateMark[]): RateMark[] {
  return [...marks].sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
}
