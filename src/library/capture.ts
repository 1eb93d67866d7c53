/** capture() of the library: a session whose packets can also be read as the bytes of a capture file. */
import type { Readable } from "node:stream";
import { type CaptureOptions, CaptureSession as KernelSession, planCapture, startCapture } from "../capture/index.ts";
import { usageError } from "../errors.ts";
import { oneOf } from "../options/index.ts";
import { refuseUnknown } from "../options/refuse-unknown.ts";
import {
  type ChecksumChoice,
  ChecksumRepair,
  fileStream,
  PCAPNG_NEEDS,
  PcapFileFormat,
  PcapngFileFormat,
  pcapNeeds,
} from "../outputs/index.ts";
import type { TimeStampPrecision } from "../pcap-writer/index.ts";

/**
 * Starts a capture: packets gather in the kernel from here on. Iterate over the session, once, to have them. Only the
 * iteration keeps the process alive: a session that is dropped ends with the process, or with the garbage.
 *
 * ```ts
 * const session = await capture({ interfaces: ["eth0"], filter: { port: "80", tcpFlags: "syn,!ack" } });
 * for await (const batch of session) {
 *   for (const packet of batch) console.log(packet.timestamp, packet.data);
 * }
 * console.log(session.counters());
 * ```
 *
 * @throws RingcapError USAGE, INTERFACE, PRIVILEGE or KERNEL, with nothing left attached; the signal's reason
 */
export async function capture(options: CaptureOptions = {}): Promise<CaptureSession> {
  options.signal?.throwIfAborted();
  return startCapture(planCapture(options, PCAPNG_NEEDS), CaptureSession);
}

/** The options of CaptureSession.toPcapngStream(). Unknown ones are refused. */
export interface PcapngStreamOptions {
  /** The comment that is written into the file. */
  comment?: string | undefined;
  /** The unit of time stamps. The default is "nano". */
  precision?: TimeStampPrecision | undefined;
  /** Whether checksums are completed. The default is "none". */
  checksum?: ChecksumChoice | undefined;
}

const PCAPNG_OPTIONS: Readonly<Record<keyof PcapngStreamOptions, true>> = {
  comment: true,
  precision: true,
  checksum: true,
};

/**
 * A capture that is going on, made by capture(). It is iterated over once, in batches, or read as the bytes of a file;
 * stop() or the end of the iteration takes everything out of the kernel.
 */
export class CaptureSession extends KernelSession {
  /**
   * Returns the capture as the bytes of a pcap file. It takes the place of iterating over the session. Destroying the
   * stream ends the capture.
   *
   * @param precision the unit of time stamps
   * @param checksum "repair" completes the checksums that the kernel left to the network card; onNote is told at the
   *   end how many packets were cut too short for that
   * @throws RingcapError USAGE when the interfaces have different link types, or processes were asked for
   */
  toPcapStream(precision: TimeStampPrecision = "micro", checksum: ChecksumChoice = "none"): Readable {
    const { withoutProcesses } = pcapNeeds(precision);
    if (this.withProcess && withoutProcesses !== undefined) {
      throw usageError("process", withoutProcesses, "toPcapngStream() has one");
    }
    const checksums = checksumRepair(checksum);
    return fileStream(this, { format: new PcapFileFormat(precision, checksums), checksums, onNote: this.onNote });
  }

  /**
   * Returns the capture as the bytes of a pcapng file, with all that is known of each packet (docs/pcapng.md). It takes
   * the place of iterating over the session. Destroying the stream ends the capture.
   *
   * @param options options of the file: its `comment`, the `precision` of its times (default "nano"), and `checksum` as
   *   in toPcapStream()
   * @throws RingcapError USAGE for unknown options
   */
  toPcapngStream(options: PcapngStreamOptions = {}): Readable {
    refuseUnknown(options, PCAPNG_OPTIONS);
    const { checksum, ...rest } = options;
    const checksums = checksumRepair(checksum);
    return fileStream(this, { format: new PcapngFileFormat({ ...rest, checksums }), checksums, onNote: this.onNote });
  }
}

function checksumRepair(choice: ChecksumChoice | undefined): ChecksumRepair | undefined {
  return ChecksumRepair.for(oneOf("checksum", choice, ["none", "repair"], "none"));
}
