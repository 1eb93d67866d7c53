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
/** Where the four bytes of an IPv4 address begin. */
const IPV4_AT = ADDRESS_BYTES - 4;
const DOT = 0x2e;
const ZERO = 0x30;

/** One buffer serves for each end, because a row is copied when it is added. */
const local = new Uint8Array(ADDRESS_BYTES);
const remote = new Uint8Array(ADDRESS_BYTES);

/** Writes the address, which is one of a socket. @returns the buffer */
function writeAddress(text: string, into: Uint8Array): Uint8Array {
  if (text.includes(":")) {
    into.fill(0);
    into.set(addressOf(text) ?? []);
    return into;
  }
  into.fill(0, 0, IPV4_AT - 2).fill(255, IPV4_AT - 2, IPV4_AT);
  let at = IPV4_AT;
  let byte = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === DOT) {
      into[at++] = byte;
      byte = 0;
    } else byte = byte * 10 + code - ZERO;
  }
  into[at] = byte;
  return into;
}

/** @returns the row, which is valid until the next call */
export function connectionRow(event: TabledEvent): TimedRecord {
  const seconds = event.timestamp / SECOND;
  return {
    time: { seconds: Number(seconds), nanoseconds: Number(event.timestamp - seconds * SECOND) },
    type: event.type,
    reason: event.reason,
    role: event.role,
    local_address: writeAddress(event.localAddress, local),
    local_port: event.localPort,
    remote_address: writeAddress(event.remoteAddress, remote),
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
