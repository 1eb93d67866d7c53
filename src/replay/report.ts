/** What became of every packet of a replay. */
import type { PacketReport } from "../pipeline/run.ts";
import type { PacketSink } from "../pipeline/sink.ts";
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
  /** How many packets of packets.seen have a length that the kernel refuses for a test run. */
  decidedOnHost: number;
  bytes: { written: number };
  files: string[];
  /** Packets of which a checksum was completed, or could not be: with --checksum repair. */
  checksums?: { completed: number; cut: number };
  /** Null when there is none, and without --expect. */
  mismatch: Mismatch | null;
}

export function reportReplay(
  session: ReplaySession,
  sink: PacketSink,
  seconds: number,
  files: string[],
  mismatch: Mismatch | null,
  checksums?: { completed: number; cut: number },
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
    files,
    mismatch,
    ...(checksums === undefined ? {} : { checksums }),
  };
}
