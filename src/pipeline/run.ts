/** Runs a source into a sink to the end, whatever happens to either, and reports what became of every packet. */

import { RingcapError, reasonOf } from "../errors.ts";
import type { PacketSink, RotationCounts } from "./sink.ts";
import type { BatchSource, CapturingSource, PacketSource } from "./source.ts";

/**
 * Numbers of packets, for which this holds: matched = sampledOut + rateLimited + ringDropped + overLimit + written +
 * writeFailed.
 */
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
  interfaces: {
    name: string;
    hook: string;
    direction: string;
    linkType: number;
    /** Packets that the interface dropped before the hook. It is undefined where there are none. */
    dropped?: number;
  }[];
  packets: PacketReport;
  bytes: { written: number };
  /** The names of the files. Of a rotated capture they are the last ten thousand. */
  files: readonly string[];
  /** The number of files that a rotated capture has written and removed. */
  rotation?: RotationCounts;
  /** With --checksum repair: packets whose checksum was completed, and packets whose checksum could not be. */
  checksums?: { completed: number; cut: number };
}

export interface Recording {
  report: CaptureReport;
  /** The failures that ended the capture early. */
  failures: RingcapError[];
  /** How many packets of report.packets.ringDropped were lost because the kernel did not give their bytes. */
  unreadable: number;
}

export interface SinkRun {
  seconds: number;
  failures: RingcapError[];
}

/**
 * Hands every batch of the source to the sink, and closes the sink. After a failed write it goes on reading, so that
 * the packets are counted.
 *
 * @param onBegun is called when the sink has begun
 * @throws RingcapError of begin(), after the source was asked to stop; whoever made the sink discards it. What
 *   onBegun() throws, after the source was asked to stop and the sink was closed
 */
export async function run(source: PacketSource, sink: PacketSink, onBegun = () => {}): Promise<SinkRun> {
  try {
    await sink.begin?.(source.description, () => source.counters());
  } catch (error) {
    source.requestStop();
    throw error;
  }
  try {
    onBegun();
  } catch (error) {
    source.requestStop();
    await closeQuietly(sink);
    throw error;
  }
  return runIntoSink(source, sink);
}

/** Closes the sink where another failure is told already. */
async function closeQuietly(sink: PacketSink): Promise<void> {
  try {
    await sink.close();
  } catch {}
}

/** Does what run() does with a sink that has begun already. */
export async function runIntoSink(source: BatchSource, sink: PacketSink): Promise<SinkRun> {
  const failures: RingcapError[] = [];
  const start = performance.now();
  let writable = true;
  try {
    for await (const batch of source) {
      if (!writable) continue;
      try {
        const written = sink.write(batch);
        if (written !== undefined) await written;
      } catch (error) {
        writable = false;
        failures.push(asFailure(error));
        source.requestStop();
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
  return { seconds: Math.round(seconds * 1e6) / 1e6, failures };
}

/**
 * Runs a capture into a sink, and reports what became of every packet. It resolves when everything is written;
 * removed() of the session tells when nothing is attached any more.
 *
 * @throws as run()
 */
export async function record(session: CapturingSource, sink: PacketSink, onBegun = () => {}): Promise<Recording> {
  const { seconds, failures } = await run(
    {
      description: session.description,
      counters: () => session.counters(),
      requestStop: () => session.requestStop(),
      [Symbol.asyncIterator]: () => session.batches(),
    },
    sink,
    onBegun,
  );
  const report: CaptureReport = {
    version: 1,
    seconds,
    interfaces: session.interfaces.map(({ name, index, hook, direction, link }) => {
      const dropped = session.interfaceDrops().get(index);
      return { name, hook, direction, linkType: link.linkType, ...(dropped ? { dropped } : {}) };
    }),
    packets: packetsOf(session, sink),
    bytes: { written: sink.bytesWritten },
    files: sink.files ?? [],
    ...(sink.rotation === undefined ? {} : { rotation: sink.rotation }),
  };
  return { report, failures, unreadable: session.unreadable };
}

/**
 * Returns what became of the packets so far. While a capture goes on, writeFailed includes the packets that have not
 * reached the sink yet.
 */
export function packetsOf(session: CapturingSource, sink: PacketSink): PacketReport {
  const { delivered, ...counters } = session.counters();
  const written = sink.packetsWritten;
  return { ...counters, written, writeFailed: delivered - written };
}

function asFailure(error: unknown): RingcapError {
  if (error instanceof RingcapError) return error;
  return new RingcapError(`capture: ${reasonOf(error)}`, { code: "INTERNAL", operation: "capture", cause: error });
}
