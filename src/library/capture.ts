/** capture() of the library: a session that can also be had as the bytes of a capture file. */
import type { Readable } from "node:stream";
import { type CaptureOptions, CaptureSession as KernelSession, planCapture, startCapture } from "../capture/index.ts";
import { usageError } from "../errors.ts";
import { oneOf } from "../options/index.ts";
import { type ChecksumChoice, ChecksumRepair, pcapNeeds, pcapStream } from "../outputs/index.ts";
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
  return startCapture(planCapture(options), CaptureSession);
}

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
      throw usageError("--process", withoutProcesses, "iterate over the session");
    }
    const checksums = ChecksumRepair.for(oneOf("checksum", checksum, ["none", "repair"], "none"));
    return pcapStream(this, { precision, checksums, onNote: this.onNote });
  }
}
