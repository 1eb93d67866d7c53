/** Connections grouped by process or remote address: counts, bytes and percentiles of their durations. */
import type { CloseReason, ConnectionEvent } from "./connection-event.ts";

export type SummaryKind = "process" | "remote";

/** What the connections of a group have in common. */
export type SummaryKey =
  | { pid: number | null; uid: number; comm: string | null; role: "client" | "server" }
  | { remoteAddress: string; remotePort: number | null; role: "client" | "server" };

export interface DurationPercentiles {
  p50: number;
  p90: number;
  p99: number;
  max: number;
}

export interface SummaryGroup {
  /** Undefined for the connections that found no group any more. */
  key: SummaryKey | undefined;
  connections: number;
  bytesSent: number;
  bytesReceived: number;
  retransmits: number;
  reasons: Partial<Record<CloseReason, number>>;
  /** Nanoseconds; null where no duration is known. Percentiles are at most 1 % too high. */
  durationNs: DurationPercentiles | null;
}

/** How many groups there may be, because clients with ever new addresses must not fill the memory. */
const GROUPS_MAX = 10_000;
/** Each bucket of durations ends 1 % above the one before. */
const BUCKET_RATIO = Math.log(1.01);

class Group {
  readonly summary: SummaryGroup;
  readonly #buckets = new Map<number, number>();
  #measured = 0;
  #max = 0;

  constructor(key: SummaryKey | undefined) {
    const none = { connections: 0, bytesSent: 0, bytesReceived: 0, retransmits: 0 };
    this.summary = { key, ...none, reasons: {}, durationNs: null };
  }

  add({ bytesSent, bytesReceived, retransmits, reason, durationNs }: ConnectionEvent): void {
    this.summary.connections++;
    this.summary.bytesSent += bytesSent;
    this.summary.bytesReceived += bytesReceived;
    this.summary.retransmits += retransmits;
    if (reason !== null) this.summary.reasons[reason] = (this.summary.reasons[reason] ?? 0) + 1;
    if (durationNs === null) return;
    this.#measured++;
    this.#max = Math.max(this.#max, durationNs);
    const bucket = Math.ceil(Math.log(Math.max(1, durationNs)) / BUCKET_RATIO);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
  }

  finish(): SummaryGroup {
    if (this.#measured === 0) return this.summary;
    const [p50, p90, p99] = [this.#percentile(0.5), this.#percentile(0.9), this.#percentile(0.99)];
    return { ...this.summary, durationNs: { p50, p90, p99, max: this.#max } };
  }

  /** The smallest duration that so many of all do not exceed (nearest rank), rounded up to the end of its bucket. */
  #percentile(share: number): number {
    const rank = Math.ceil(share * this.#measured);
    let seen = 0;
    for (const [bucket, count] of [...this.#buckets].sort(([a], [b]) => a - b)) {
      seen += count;
      if (seen >= rank) return Math.min(this.#max, Math.round(Math.exp(bucket * BUCKET_RATIO)));
    }
    return this.#max;
  }
}

export class ConnectionSummary {
  readonly #kind: SummaryKind;
  readonly #groups = new Map<string, Group>();
  readonly #others = new Group(undefined);

  constructor(kind: SummaryKind) {
    this.#kind = kind;
  }

  /** Only ends of connections count. */
  add(event: ConnectionEvent): void {
    if (event.type !== "close") return;
    const key = keyOf(this.#kind, event);
    const name = JSON.stringify(key);
    let group = this.#groups.get(name);
    if (group === undefined && this.#groups.size < GROUPS_MAX) {
      group = new Group(key);
      this.#groups.set(name, group);
    }
    (group ?? this.#others).add(event);
  }

  /** The groups, those with the most connections first, and the connections without a group last. */
  groups(): SummaryGroup[] {
    const groups = [...this.#groups.values()].map((group) => group.finish());
    groups.sort((a, b) => b.connections - a.connections);
    return this.#others.summary.connections > 0 ? [...groups, this.#others.finish()] : groups;
  }
}

/** The ports of a server's clients mean nothing. */
function keyOf(kind: SummaryKind, event: ConnectionEvent): SummaryKey {
  const { pid, uid, comm, role, remoteAddress, remotePort } = event;
  if (kind === "process") return { pid, uid, comm, role };
  return { remoteAddress, remotePort: role === "client" ? remotePort : null, role };
}
