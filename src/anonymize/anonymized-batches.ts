/** Replaces the addresses in the packets of batches. */
import { BATCH_RECORD } from "../generated/layouts.ts";
import type { ChecksumRepair } from "../outputs/checksum-repair.ts";
import { AlignedBatch } from "../packets/aligned-batch.ts";
import { InputBatchBuilder } from "../packets/input-batch.ts";
import { BATCH_SIZE, type PacketBatch, type PacketCursor } from "../packets/packet-batch.ts";
import { PcapBatch } from "../packets/pcap-batch.ts";
import type { Anonymizer } from "./anonymizer.ts";
import { LAYERS } from "./headers/layers.ts";
import { rewritePacket } from "./headers/link-layer.ts";
import { Rewriting } from "./headers/rewriting.ts";
import { PreparedAddresses } from "./prepared-addresses.ts";

/** Bytes of a packet in which headers are looked for where its payload is not kept. */
const MOST_HEADERS = 2048;

export interface AnonymizedOptions {
  /** Whether what TCP, UDP and the like carry is kept as it is. By default it is cut off. */
  readonly keepsPayload?: boolean | undefined;
  /** Completes checksums before addresses are replaced. */
  readonly checksums?: ChecksumRepair | undefined;
}

/** Makes batches in memory of its own, which the next one is made in too. */
export class AnonymizedBatches {
  /** Packets of which something was cut off because it is of no kind that is understood. */
  notUnderstood = 0;
  readonly #builder = new InputBatchBuilder();
  readonly #prepared: PreparedAddresses;
  readonly #rewriting: Rewriting;
  readonly #checksums: ChecksumRepair | undefined;
  readonly #records: Uint8Array;

  constructor(anonymizer: Anonymizer, { keepsPayload = false, checksums }: AnonymizedOptions) {
    this.#rewriting = new Rewriting(this.#builder.batch.bytes, LAYERS, anonymizer, keepsPayload);
    this.#prepared = new PreparedAddresses(anonymizer);
    this.#checksums = checksums;
    this.#records = new Uint8Array(checksums === undefined ? 0 : BATCH_SIZE);
  }

  /** Returns the same packets with other addresses, valid until the next call. */
  next(batch: PacketBatch, linkType: number): PacketBatch {
    const original = this.#repaired(batch, linkType);
    this.#prepared.prepare(original.cursor(), linkType, original.count);
    const builder = this.#builder;
    builder.clear();
    const cursor = original.cursor();
    while (cursor.next()) this.#add(cursor, linkType);
    const { bytes, words, count } = builder.batch;
    return new AlignedBatch(bytes, words, count);
  }

  #add(cursor: PacketCursor, linkType: number): void {
    const builder = this.#builder;
    const rewriting = this.#rewriting;
    const start = builder.length + BATCH_RECORD.size;
    const { capturedLength } = cursor;
    const looked = rewriting.keepsPayload ? capturedLength : Math.min(capturedLength, MOST_HEADERS);
    builder.add(cursor, looked);
    const end = rewritePacket(rewriting, linkType, start, start + looked);
    if (rewriting.wasCut) this.notUnderstood++;
    builder.cutLast(looked, end - start);
  }

  #repaired(batch: PacketBatch, linkType: number): PacketBatch {
    if (this.#checksums === undefined) return batch;
    const packed = batch.pack(this.#records, "nano");
    const records = this.#checksums.repair(packed, batch.count, linkType, this.#records);
    return new PcapBatch(records, batch.count, { interfaceIndex: 0, direction: 0, timeUnit: 1 });
  }
}
