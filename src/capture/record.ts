/** Runs a session into a sink to the end, whatever happens to either, and reports what became of every packet. */
import { RingcapError, reasonOf } from "../errors.ts";
import type { CaptureSession } from "./session.ts";
import type { PacketSink } from "./sinks/sink.ts";

/** matched = sampledOut + rateLimited + ringDropped + overLimit + written + writeFailed. */
export interface PacketReport {
  seen: number;
  matched: number;
  sampledOut: number;
  rateLimited: number;
  ringDropped: number;
  overLimit: number;
  written: number;
  writeFailed: number;
}

export interface CaptureReport {
  version: 1;
  seconds: number;
  interfaces: { name: string; hook: string; direction: string; linkType: number }[];
  packets: PacketReport;
  bytes: { written: number };
  files: string[];
}

export interface Recording {
  report: CaptureReport;
  /** What ended the capture early, if anything did. */
  failures: RingcapError[];
}

export async function record(session: CaptureSession, sink: PacketSink, files: string[]): Promise<Recording> {
  const failures: RingcapError[] = [];
  const start = performance.now();
  let writable = true;
  try {
    for await (const batch of session) {
      // What comes after a failed write is taken out of the rings to be counted.
      if (!writable) continue;
      try {
        const written = sink.write(batch);
        if (written !== undefined) await written;
      } catch (error) {
        writable = false;
        failures.push(asFailure(error));
        session.requestStop();
      }
    }
  } catch (error) {
    failures.push(asFailure(error));
  }
  const seconds = (performance.now() - start) / 1000;
  try {
    await sink.close();
  } catch (error) {
    failures.push(asFailure(error));
  }
  const { delivered, ...counters } = session.counters();
  const written = sink.packetsWritten;
  const report: CaptureReport = {
    version: 1,
    seconds: Math.round(seconds * 1e6) / 1e6,
    interfaces: session.interfaces.map(({ name, hook, direction, link }) => {
      return { name, hook, direction, linkType: link.linkType };
    }),
    packets: { ...counters, written, writeFailed: delivered - written },
    bytes: { written: sink.bytesWritten },
    files,
  };
  return { report, failures };
}

function asFailure(error: unknown): RingcapError {
  if (error instanceof RingcapError) return error;
  return new RingcapError(`capture: ${reasonOf(error)}`, { code: "INTERNAL", operation: "capture", cause: error });
}
