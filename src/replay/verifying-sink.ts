/** Counts and hashes the pcap file that the packets make, compares them, and writes that file where it is wanted. */
import { createHash } from "node:crypto";
import { closeSync } from "node:fs";
import { BATCH_SIZE, type PacketBatch } from "../capture/packet-batch.ts";
import { PcapFileSink } from "../capture/sinks/pcap-sinks.ts";
import type { PacketSink } from "../capture/sinks/sink.ts";
import { type PcapFormat, pcapFileHeader, type TimeStampPrecision } from "../pcap-writer/index.ts";
import type { FileReplacement } from "./file-replacement.ts";
import type { GoldenComparison } from "./golden.ts";
import type { ReplaySession } from "./session.ts";

export class VerifyingSink implements PacketSink {
  readonly #comparison: GoldenComparison | undefined;
  readonly #file: PcapFileSink | undefined;
  readonly #precision: TimeStampPrecision;
  readonly #buffer = new Uint8Array(BATCH_SIZE);
  readonly #hash = createHash("sha256");
  packetsWritten = 0;
  bytesWritten = 0;
  sha256 = "";

  /** @param output is written to and closed, if there is one */
  constructor(session: ReplaySession, comparison: GoldenComparison | undefined, output: FileReplacement | undefined) {
    const { link, snapshotLength, precision, fcsLength } = session;
    const format = { linkType: link.linkType, snapshotLength, precision, fcsLength };
    this.#comparison = comparison;
    this.#precision = precision;
    this.#file = output === undefined ? undefined : openSink(output, format);
    this.#hash.update(pcapFileHeader(format));
  }

  async write(batch: PacketBatch): Promise<void> {
    await this.#comparison?.add(batch);
    const encoded = batch.pack(this.#buffer, this.#precision);
    this.#hash.update(encoded);
    this.#file?.write(batch);
    this.packetsWritten += batch.count;
    this.bytesWritten += encoded.length;
  }

  close(): void {
    this.sha256 = this.#hash.digest("hex");
    this.#file?.close();
  }
}

function openSink({ fd, name }: FileReplacement, format: PcapFormat): PcapFileSink {
  try {
    return new PcapFileSink(fd, name, format);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
