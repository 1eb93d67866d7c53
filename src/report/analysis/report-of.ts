/** Puts the parts of a report together. */
import type { CaptureCounters } from "../../packets/captured.ts";
import { completenessOf } from "../completeness/completeness-of.ts";
import type { FileIdentity, FileReading } from "../completeness/file-reading.ts";
import type { Report, TopList, VictimReport } from "../report.ts";
import type { RateMark } from "../values.ts";
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

const NO_LIST: TopList = { entries: [], error: 0, distinct: { value: 0, error: 0 }, hasDominant: false };
const NO_ENTROPY = { bits: 0, mostBits: 0 };

export function reportOf(analyses: Analyses, readings: Readings, facts: ReportFacts): Report {
  const { counts } = analyses;
  const { created, ringcap, command, filter } = facts;
  const { span } = counts;
  const completeness = completenessOf(readings.files, readings.live, counts);
  return {
    version: 1,
    kind: "ringcap-report",
    created,
    ringcap,
    command,
    anonymized: false,
    filter,
    files: readings.files.flatMap((file, place) => {
      const identity = facts.files[place];
      return identity === undefined ? [] : [file.facts(identity)];
    }),
    packets: counts.report(readings.read),
    span:
      span === undefined
        ? null
        : { first: span.first.text, last: span.last.text, seconds: span.last.since(span.first) },
    completeness,
    verdict: {
      kind: "none",
      title: "The packets were not judged",
      confidence: 0,
      target: null,
      reflector: null,
      begins: null,
      ends: null,
      seconds: null,
      peak: null,
      packets: 0,
      bytes: 0,
      spoofed: { is: "unknown", confidence: 0, reasons: [] },
      reasons: [],
    },
    rates: { begins: null, intervalSeconds: 1, count: 0, series: [], peak: null, marks: completeness.marks },
    spoofing: {
      packets: 0,
      uniqueSources: { value: 0, error: 0 },
      sourcesByInterval: [],
      newSourcesByInterval: [],
      packetsPerSource: 0,
      entropy: { sources: NO_ENTROPY, sourcePorts: NO_ENTROPY, sequenceNumbers: NO_ENTROPY, ipIds: NO_ENTROPY },
      firstBytes: new Array<number>(256).fill(0),
      bogons: [],
      bogonShare: 0,
      ttls: [],
      retransmittingShare: null,
      handshakes: null,
    },
    fingerprints: analyses.fingerprints.report(),
    top: {
      sources: NO_LIST,
      sourceNetworks: NO_LIST,
      destinations: NO_LIST,
      sourcePorts: NO_LIST,
      destinationPorts: NO_LIST,
      services: NO_LIST,
    },
    victim: null,
  };
}
