/** What the metrics show of a watch. */
import type { TrafficTotals } from "../../packets/traffic-counts.ts";
import type { PacketReport } from "../../pipeline/run.ts";

export interface WatchedInterface {
  readonly name: string;
  /** Where the program is attached, in the words of --hook. */
  readonly hook: string;
  /** Whether packets are captured from it. An interface that is gone is waited for. */
  readonly attached: boolean;
  /** Packets that it dropped before the hook since the start; undefined where the kernel does not tell. */
  readonly dropped?: number | undefined;
}

export interface HistoryState {
  readonly bytes: number;
  /** The most bytes that it takes (--history-size). */
  readonly limit: number;
  /** The time from its oldest packet until now. */
  readonly seconds: number;
  /** The time that is asked for (--before). */
  readonly wantedSeconds: number;
}

export interface IncidentState {
  /** Nanoseconds since the epoch. */
  readonly beganAt: bigint;
  readonly packets: number;
  readonly bytes: number;
}

export interface WatchState {
  /** The version of ringcap. */
  readonly version: string;
  /** The numbers of all matching packets since the start. */
  readonly totals: TrafficTotals;
  /** Matching packets in the last whole second. */
  readonly packetsPerSecond: number;
  /** What became of the packets since the start. */
  readonly packets: PacketReport;
  /** Packets that left the history without an incident, which is where they belong on a quiet day. */
  readonly forgotten: number;
  readonly interfaces: readonly WatchedInterface[];
  /** Packets that wait in the rings. */
  readonly waiting: number;
  readonly history: HistoryState;
  /** Incidents since the start, with the one that is recorded. */
  readonly incidents: number;
  /** Undefined on a quiet day. */
  readonly incident?: IncidentState | undefined;
  /** The usual rate in packets a second; undefined while it is not known. */
  readonly usual?: number | undefined;
  /** One packet in so many is recorded at the moment: 1 is every packet. */
  readonly samplingFactor: number;
  /** Runs of --on-incident that failed or were left out. */
  readonly onIncidentFailed: number;
}
