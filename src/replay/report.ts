/** What became of every packet of a replay. */
import type { PacketReport } from "../capture/record.ts";
import type { PacketSink } from "../capture/sinks/sink.ts";
import type { CompletedChecksums } from "../libbpf/checksums.ts";
import type { Mismatch } from "./golden.ts";
import type { ReplaySession } from "./session.ts";

export interface ReplayReport {
  version: 1;
  seconds: number;
  engine: "kernel" | "user";
  /** The program of the kernel; null with the user engine. */
  hook: "xdp" | "tc" | null;
  input: { file: string; linkType: number };
  packets: PacketReport;
  /** Of packets.seen: those of a length that the kernel takes for no test run. */
  decidedOnHost: number;
  bytes: { written: number };
  /** Packets of which a checksum was completed, or could not be: with --checksum repair. */
  checksums?: CompletedChecksums;
  files: string[];
  /** Null when there is none, and without --expect. */
  mismatch: Mismatch | null;
}

export function reportReplay(
  session: ReplaySession,
  sink: PacketSink,
  seconds: number,
  files: string[],
  mismatch: Mismatch | null,
  checksums?: CompletedChecksums,
): ReplayReport {
  const { delivered, decidedOnHost, ...counters } = session.counters();
  return {
    version: 1,
    seconds,
    engine: session.engine,
    hook: session.hook,
    input: { file: session.file, linkType: session.link.linkType },
    packets: { ...counters, written: sink.packetsWritten, writeFailed: delivered - sink.packetsWritten },
    decidedOnHost,
    bytes: { written: sink.bytesWritten },
    ...(checksums === undefined ? {} : { checksums }),
    files,
    mismatch,
  };
}
