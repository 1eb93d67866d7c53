/** Events of connections as rows of the connections table. */
import { ADDRESS_BYTES } from "../contract/columns.ts";
import { addressOf } from "../export/connection-record.ts";
import type { TimedRecord } from "./live-table.ts";

/** An event of `ringcap connections` as far as the table has it. */
export interface TabledEvent {
  /** Nanoseconds since the epoch. */
  readonly timestamp: bigint;
  readonly type: string;
  readonly reason: string | null;
  readonly role: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly pid: number | null;
  readonly uid: number;
  readonly comm: string | null;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly retransmits: number;
  readonly rttUs: number | null;
  readonly durationNs: number | null;
}

const SECOND = 1_000_000_000n;
/** Addresses that are kept as bytes. */
const KNOWN_MAX = 4096;
const NO_ADDRESS = new Uint8Array(ADDRESS_BYTES);

const known = new Map<string, Uint8Array>();

/** Most events have an address in common with those before. */
function bytesOf(address: string): Uint8Array {
  const found = known.get(address);
  if (found !== undefined) return found;
  const bytes = addressOf(address) ?? NO_ADDRESS;
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(address, bytes);
  return bytes;
}

export function connectionRow(event: TabledEvent): TimedRecord {
  const seconds = event.timestamp / SECOND;
  return {
    time: { seconds: Number(seconds), nanoseconds: Number(event.timestamp - seconds * SECOND) },
    type: event.type,
    reason: event.reason,
    role: event.role,
    local_address: bytesOf(event.localAddress),
    local_port: event.localPort,
    remote_address: bytesOf(event.remoteAddress),
    remote_port: event.remotePort,
    pid: event.pid,
    uid: event.uid,
    comm: event.comm,
    bytes_sent: event.bytesSent,
    bytes_received: event.bytesReceived,
    retransmits: event.retransmits,
    rtt: event.rttUs,
    duration: event.durationNs,
  };
}
