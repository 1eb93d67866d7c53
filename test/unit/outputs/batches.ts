/** Batches and outputs for the tests of sinks. */
import type { ByteOutput } from "../../../src/outputs/byte-sink.ts";
import type { CaptureCounters, PacketOrigin, SourceDescription } from "../../../src/packets/captured.ts";
import { ETHERNET, RAW_IP } from "../../../src/packets/link-types.ts";
import { PcapBatch } from "../../../src/packets/pcap-batch.ts";

const RECORD_HEADER_LENGTH = 16;

/** The records of a pcap file of microseconds, little-endian: a packet of each length, whose bytes are its number. */
export function recordsOf(lengths: readonly number[]): Buffer {
  return Buffer.concat(
    lengths.map((length, number) => {
      const record = Buffer.alloc(RECORD_HEADER_LENGTH + length, number);
      for (const [index, word] of [1_700_000_000, number, length, 1500].entries())
        record.writeUInt32LE(word, index * 4);
      return record;
    }),
  );
}

export function batchOf(...lengths: number[]): PcapBatch {
  return new PcapBatch(recordsOf(lengths), lengths.length, { interfaceIndex: 4, direction: 0, timeUnit: 1000 });
}

export const v0: PacketOrigin = { name: "v0", index: 4, direction: "in", link: ETHERNET };
export const tunnel: PacketOrigin = { name: "tun0", index: 9, direction: "in", link: RAW_IP };

export const DESCRIPTION: SourceDescription = { origins: [v0], snapshotLength: 128 };

/** draft-ietf-opsawg-pcap section 4: microseconds, version 2.4, snapshot length 128, Ethernet. */
export const FILE_HEADER = Buffer.from("d4c3b2a1020004000000000000000000" + "8000000001000000", "hex");

export const COUNTERS: CaptureCounters = {
  seen: 9,
  matched: 5,
  sampledOut: 0,
  rateLimited: 0,
  ringDropped: 0,
  overLimit: 0,
  delivered: 5,
};

/** Takes so many bytes, and fails with the error then. */
export class LimitedOutput implements ByteOutput {
  readonly log: string[] = [];
  readonly #limit: number;
  readonly #error: Error;
  readonly #taken: Buffer[] = [];
  bytesWritten = 0;

  constructor(limit = Number.POSITIVE_INFINITY, error = new Error("full")) {
    this.#limit = limit;
    this.#error = error;
  }

  get content(): Buffer {
    return Buffer.concat(this.#taken);
  }

  async write(bytes: Uint8Array): Promise<void> {
    const taken = bytes.slice(0, Math.max(0, this.#limit - this.bytesWritten));
    this.#taken.push(Buffer.from(taken));
    this.bytesWritten += taken.length;
    if (taken.length < bytes.length) throw this.#error;
  }

  abandon(): void {
    this.log.push("abandon");
  }

  async close(): Promise<void> {
    this.log.push("close");
  }
}
