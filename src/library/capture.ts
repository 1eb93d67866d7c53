/** capture() of the library: a session that can also be had as the bytes of a capture file. */
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

export interface PcapngStreamOptions {
  /** Of the file, for whoever opens it. */
  comment?: string | undefined;
  /** Default "nano". */
  precision?: TimeStampPrecision | undefined;
  /** Default "none". */
  checksum?: ChecksumChoice | undefined;
}

const PCAPNG_OPTIONS: Readonly<Record<keyof PcapngStreamOptions, true>> = {
  comment: true,
  precision: true,
  checksum: true,
};

export class CaptureSession extends KernelSession {
  /**
   * The capture as the bytes of a pcap file. Instead of iterating, not besides it. Destroying the stream ends the capture.
   *
   * @param checksum "repair" completes the checksums that the kernel left to the network card, and onNote is told at the end
   *   how many packets were cut too short for that
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
   * The capture as the bytes of a pcapng file, with all that is known of each packet (docs/pcapng.md). Otherwise as
   * toPcapStream().
   *
   * @param options of the file: `comment` for whoever opens it, `precision` of times (default nano), `checksum` as there
   * @throws RingcapError USAGE for options that there are not
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
