/** Counts and hashes the pcap file that the packets make, compares them, and writes that file where it is wanted. */
import { createHash } from "node:crypto";
import { closeSync } from "node:fs";
import { BATCH_SIZE, type PacketBatch } from "../packets/packet-batch.ts";
import { pcapFileHeader, type TimeStampPrecision } from "../pcap-writer/index.ts";
import { wholeRecords } from "../pcap-writer/pcap-encoder.ts";
import { RecordFile } from "../pcap-writer/record-file.ts";
import { ANY_LAYOUT, type PacketSink } from "../pipeline/sink.ts";
import type { FileReplacement } from "./file-replacement.ts";
import type { GoldenComparison } from "./golden.ts";
import type { ReplaySession } from "./session.ts";

export class VerifyingSink implements PacketSink {
  readonly #comparison: Pick<GoldenComparison, "add"> | undefined;
  readonly #file: RecordFile | undefined;
  readonly #precision: TimeStampPrecision;
  readonly #buffer = new Uint8Array(BATCH_SIZE);
  readonly #hash = createHash("sha256");
  readonly needs = ANY_LAYOUT;
  packetsWritten = 0;
  bytesWritten = 0;
  sha256 = "";

  /** @param output is written to and closed, if there is one */
  constructor(
    session: Pick<ReplaySession, "link" | "snapshotLength" | "precision" | "fcsLength">,
    comparison: Pick<GoldenComparison, "add"> | undefined,
    output: Pick<FileReplacement, "fd" | "name"> | undefined,
  ) {
    const { link, snapshotLength, precision, fcsLength } = session;
    const format = { linkType: link.linkType, snapshotLength, precision, fcsLength };
    this.#comparison = comparison;
    this.#precision = precision;
    const header = pcapFileHeader(format);
    this.#file = output === undefined ? undefined : openFile(output, header);
    this.#hash.update(header);
  }

  async write(batch: PacketBatch): Promise<void> {
    await this.#comparison?.add(batch);
    const encoded = batch.pack(this.#buffer, this.#precision);
    this.#hash.update(encoded);
    this.#file?.write(encoded, batch.count);
    this.packetsWritten += batch.count;
    this.bytesWritten += encoded.length;
  }

  close(): void {
    this.sha256 = this.#hash.digest("hex");
    this.#file?.close();
  }
}

function openFile({ fd, name }: Pick<FileReplacement, "fd" | "name">, header: Uint8Array): RecordFile {
  try {
    return new RecordFile(fd, name, header, wholeRecords);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
