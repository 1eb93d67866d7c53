/** The types of the classes that the addon exports (native/addon.cc). */
import type { Descriptor } from "./descriptor.ts";

export interface NativeObject {
  setVariable(name: string, value: Uint8Array): void;
  setMaxEntries(map: string, entries: number): void;
  setValueSize(map: string, bytes: number): void;
  setInnerValueSize(map: string, bytes: number): void;
  reuseMap(map: string, existing: Descriptor): void;
  setAutoload(program: string, autoload: boolean): void;
  setProgramFlags(program: string, flags: number): void;
  startLoading(): void;
  load(): void;
  map(name: string): Descriptor;
  program(name: string): Descriptor;
  close(): void;
}

/** What a call that took packets has left behind (native/drain_status.h). */
export type DrainStatus =
  /** Nothing. */
  | "drained"
  /** Packets that arrived during the call, or that wait for older ones of other rings or lanes. */
  | "arriving"
  /** Packets for which the buffer had no room, or that were too many for one call. */
  | "no-room"
  /** Packets behind one that is still on its way: a producer is writing it, or the kernel has yet to hand it over. */
  | "unfinished";

export interface DrainResult {
  /** Packets that were taken. */
  records: number;
  status: DrainStatus;
}

export interface NativeDrainResult extends DrainResult {
  bytes: number;
}

export interface NativePacketDrain {
  drain(buffer: Uint8Array): NativeDrainResult;
  takeRecords(buffer: Uint8Array): NativeDrainResult & { ring: number; offset: number };
  skip(): number;
  buffers(): ArrayBuffer[];
  setEpochOffset(offset: bigint): boolean;
  close(): void;
}

export interface NativeWatchdog {
  watchSignals(signals: Uint8Array, lastWords: string): void;
  acknowledge(): void;
  hasLapsed(): boolean;
  close(): void;
}

export interface NativePcapCapture {
  open(
    name: string,
    interfaceIndex: number,
    direction: number,
    bufferSize: number,
    promiscuous: boolean,
  ): { lane: number; dataLinkType: number };
  begin(
    lane: number,
    kernelProgram: Uint8Array,
    decidedLength: number,
    hostProgram: Uint8Array,
    filter: Uint8Array | undefined,
    networkKeys: Uint8Array,
    linkType: number,
  ): void;
  descriptor(lane: number): Descriptor;
  isGone(lane: number): boolean;
  stop(): void;
  drain(buffer: Uint8Array): NativeDrainResult;
  takeRecords(buffer: Uint8Array, unit: number): NativeDrainResult;
  counters(): {
    seen: number;
    matched: number;
    submitted: number;
    dropped: number;
    lanes: { seen: number; matched: number; dropped: number }[];
  };
  close(): void;
}

export interface NativeRecordDrain {
  drain(buffer: Uint8Array): { records: number; full: boolean };
  close(): void;
}

export interface NativeTableFilling {
  wait(): void;
}

export interface NativeReadiness {
  unref(): void;
  close(): void;
}

export interface NativeHostFilter {
  match(batch: Uint8Array, count: number, verdicts: Uint8Array): number;
}

export interface NativeKernelReplay {
  run(
    input: Uint8Array,
    count: number,
    limit: number,
    output: Uint8Array,
    verdicts: Uint8Array,
  ): { packets: number; matched: number; notRun: number; bytes: number };
  close(): void;
}

export interface NativeLiveFrames {
  add(
    batch: Uint8Array,
    count: number,
    from: number,
    longest: number,
    sourceAddress: boolean,
    sourcePort: boolean,
  ): { packets: number; tooShort: number; tooLong: number; full: boolean };
  clear(): void;
  run(start: bigint, total: bigint, cpus: number): Promise<void>;
  runNow(start: bigint, total: bigint, cpus: number): number;
  stop(): void;
  counters(): { sent: number; bytes: number; retried: number; refused: number; failure: number };
  close(): void;
}

export interface SocketCounters {
  /** Frames that the kernel took. */
  sent: number;
  bytes: number;
  /** Times that the interface had no room. */
  retried: number;
  /** Frames that were paced. */
  paced: number;
  /** How long after their time the paced frames were handed over: the sum and the longest delay, in nanoseconds. */
  lateness: number;
  latenessMax: number;
  /** Frames that the kernel refused, by errno name. */
  errors: Record<string, number>;
}

export interface NativePacketSocket {
  send(
    batch: Uint8Array,
    count: number,
    from: number,
    due: Float64Array | undefined,
    start: bigint,
    sourceAddress: boolean,
    sourcePort: boolean,
  ): Promise<{ frames: number; failure: Error | undefined }>;
  sendNow(frame: Uint8Array): void;
  stop(): void;
  counters(): SocketCounters;
  close(): void;
}
