/** Turns the kernel's records (bpf/connections/connection_record.h) into events. */
import { endianness } from "node:os";
import * as layout from "../generated/layouts.ts";
import { formatIpv4Address, formatIpv6Address } from "../pcap-parser/headers/address.ts";
import type { CloseReason, ConnectionEvent, ConnectionEventType } from "./connection-event.ts";

const LITTLE_ENDIAN = endianness() === "LE";
const { CONNECTION_RECORD, PROCESS, PROCESS_RECORD } = layout;

const EVENTS: ReadonlyMap<number, ConnectionEventType> = new Map([
  [layout.EVENT_SYN_SENT, "syn-sent"],
  [layout.EVENT_SYN_RECEIVED, "syn-received"],
  [layout.EVENT_ESTABLISHED, "established"],
  [layout.EVENT_ACCEPT, "accept"],
  [layout.EVENT_FIN_WAIT_1, "fin-wait-1"],
  [layout.EVENT_FIN_WAIT_2, "fin-wait-2"],
  [layout.EVENT_CLOSE_WAIT, "close-wait"],
  [layout.EVENT_CLOSING, "closing"],
  [layout.EVENT_LAST_ACK, "last-ack"],
  [layout.EVENT_CLOSE, "close"],
]);

const REASONS: ReadonlyMap<number, CloseReason> = new Map([
  [layout.REASON_FIN, "fin"],
  [layout.REASON_RST, "rst"],
  [layout.REASON_TIMEOUT, "timeout"],
  [layout.REASON_SYN_UNANSWERED, "syn-unanswered"],
  [layout.REASON_REFUSED, "refused"],
  [layout.REASON_UNREACHABLE, "unreachable"],
  [layout.REASON_ERROR, "error"],
]);

const SIDES: ReadonlyMap<number, "local" | "remote"> = new Map([
  [layout.CLOSED_BY_LOCAL, "local"],
  [layout.CLOSED_BY_REMOTE, "remote"],
]);

/** A key that names a process for ever. A pid is used again, and a pid with its start time is not. */
export interface ProcessIdentity {
  pid: number;
  /** Nanoseconds since boot. */
  startTime: bigint;
}

export interface ProcessRecord extends ProcessIdentity {
  parentPid: number;
  parentComm: string;
  /** Number of the cgroup of version 2. */
  cgroup: bigint;
  /** Undefined where the kernel could not read it. */
  commandLine: string | undefined;
}

export function readRecordKind(view: DataView, at: number): number {
  return view.getUint32(at, LITTLE_ENDIAN);
}

/** CLOCK_MONOTONIC, nanoseconds. */
export function readStamp(view: DataView, at: number): bigint {
  return view.getBigUint64(at + CONNECTION_RECORD.timestamp, LITTLE_ENDIAN);
}

/** The owner of a connection; undefined where it is not known. */
export function readOwner(view: DataView, at: number): ProcessIdentity | undefined {
  if (view.getUint8(at + CONNECTION_RECORD.hasOwner) === 0) return undefined;
  const process = at + CONNECTION_RECORD.process;
  return {
    pid: view.getUint32(process + PROCESS.pid, LITTLE_ENDIAN),
    startTime: view.getBigUint64(process + PROCESS.startTime, LITTLE_ENDIAN),
  };
}

/** @param epochOffset nanoseconds to add to a stamp to have the time since the epoch */
export function readConnectionEvent(view: DataView, at: number, epochOffset: bigint): ConnectionEvent {
  const unsigned8 = (field: number) => view.getUint8(at + field);
  const unsigned16 = (field: number) => view.getUint16(at + field, LITTLE_ENDIAN);
  const unsigned32 = (field: number) => view.getUint32(at + field, LITTLE_ENDIAN);
  const unsigned64 = (field: number) => view.getBigUint64(at + field, LITTLE_ENDIAN);

  const stamp = unsigned64(CONNECTION_RECORD.timestamp);
  const started = unsigned64(CONNECTION_RECORD.started);
  const established = unsigned64(CONNECTION_RECORD.established);
  const isClient = unsigned8(CONNECTION_RECORD.role) === layout.ROLE_CLIENT;
  const hasOwner = unsigned8(CONNECTION_RECORD.hasOwner) !== 0;
  const roundTripTime = unsigned32(CONNECTION_RECORD.roundTripTime);
  const family = unsigned8(CONNECTION_RECORD.family) === 6 ? 6 : 4;
  const address = (field: number) => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset + at + field, 16);
    return family === 6 ? formatIpv6Address(bytes) : formatIpv4Address(bytes);
  };
  return {
    type: EVENTS.get(unsigned8(CONNECTION_RECORD.event)) ?? "close",
    timestamp: stamp + epochOffset,
    pid: hasOwner ? unsigned32(CONNECTION_RECORD.process + PROCESS.pid) : null,
    tid: hasOwner ? unsigned32(CONNECTION_RECORD.process + PROCESS.tid) : null,
    uid: unsigned32(CONNECTION_RECORD.process + PROCESS.uid),
    comm: hasOwner ? readText(view, at + CONNECTION_RECORD.process + PROCESS.comm, layout.COMM_LENGTH) : null,
    role: isClient ? "client" : "server",
    family,
    localAddress: address(CONNECTION_RECORD.localAddress),
    localPort: unsigned16(CONNECTION_RECORD.localPort),
    remoteAddress: address(CONNECTION_RECORD.remoteAddress),
    remotePort: unsigned16(CONNECTION_RECORD.remotePort),
    durationNs: started === 0n ? null : nanosecondsBetween(started, stamp),
    observedNs: nanosecondsBetween(unsigned64(CONNECTION_RECORD.seen), stamp),
    handshakeNs: isClient && started !== 0n && established !== 0n ? Number(established - started) : null,
    bytesSent: Number(unsigned64(CONNECTION_RECORD.bytesSent)),
    bytesReceived: Number(unsigned64(CONNECTION_RECORD.bytesReceived)),
    retransmits: unsigned32(CONNECTION_RECORD.retransmits),
    rttUs: roundTripTime === 0 ? null : roundTripTime,
    reason: REASONS.get(unsigned8(CONNECTION_RECORD.reason)) ?? null,
    closedBy: SIDES.get(unsigned8(CONNECTION_RECORD.closedBy)) ?? null,
    networkNamespace: unsigned32(CONNECTION_RECORD.networkNamespace),
    cookie: unsigned64(CONNECTION_RECORD.cookie) || null,
  };
}

/** It is 0 for a server's connection, which begins with the end of the handshake. */
function nanosecondsBetween(from: bigint, to: bigint): number {
  return to > from ? Number(to - from) : 0;
}

export function readProcessRecord(view: DataView, at: number): ProcessRecord {
  const length = view.getUint32(at + PROCESS_RECORD.commandLineLength, LITTLE_ENDIAN);
  const words = readBytes(view, at + PROCESS_RECORD.commandLine, length);
  return {
    pid: view.getUint32(at + PROCESS_RECORD.pid, LITTLE_ENDIAN),
    startTime: view.getBigUint64(at + PROCESS_RECORD.startTime, LITTLE_ENDIAN),
    parentPid: view.getUint32(at + PROCESS_RECORD.parentPid, LITTLE_ENDIAN),
    parentComm: readText(view, at + PROCESS_RECORD.parentComm, layout.COMM_LENGTH),
    cgroup: view.getBigUint64(at + PROCESS_RECORD.cgroup, LITTLE_ENDIAN),
    commandLine: length === 0 ? undefined : words.toString().replace(/\0+$/, "").replaceAll("\0", " "),
  };
}

function readBytes(view: DataView, at: number, length: number): Buffer {
  return Buffer.from(view.buffer, view.byteOffset + at, length);
}

/** A C string in a field of so many bytes. */
function readText(view: DataView, at: number, length: number): string {
  const bytes = readBytes(view, at, length);
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end < 0 ? length : end);
}
