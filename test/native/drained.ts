/** Drains that tests make, and what they read out of batches. */
import { expect, onTestFinished } from "vitest";
import { BATCH_RECORD } from "../../src/generated/layouts.ts";
import { addon, type NativePacketDrain } from "../../src/native/addon.ts";
import { type RingProducer, wakeupRing } from "./ring-producer.ts";

export const RECORD = BATCH_RECORD.size;
export const NOTHING_LEFT = { status: "drained" };
export const protocolError = expect.objectContaining({ code: "EPROTO" });

export function closing(drain: NativePacketDrain): NativePacketDrain {
  onTestFinished(() => drain.close());
  return drain;
}

export function drainOf(
  rings: readonly RingProducer[],
  { withOrigin = false, unit = 1, withProcess = false, areBlocks = false } = {},
): NativePacketDrain {
  const maps = rings.map(({ map }) => map);
  return closing(new (addon().PacketDrain)(maps, wakeupRing(), withOrigin, unit, withProcess, areBlocks));
}

/** Data of a packet: `length` bytes, counted up from `first`. */
export function bytes(length: number, first = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => first + index);
}

/** native/batch_record.h: ten numbers of four bytes, the data, padding to eight bytes. */
export function batchRecords(batch: Uint8Array): { header: number[]; data: Uint8Array }[] {
  const records: { header: number[]; data: Uint8Array }[] = [];
  for (let start = 0; start < batch.length; ) {
    const header = [...new Uint32Array(batch.slice(start, start + RECORD).buffer)];
    const length = header[2] ?? 0;
    records.push({ header, data: batch.slice(start + RECORD, start + RECORD + length) });
    start += Math.ceil((RECORD + length) / 8) * 8;
  }
  return records;
}

/** draft-ietf-opsawg-pcap section 5: the first data byte of each record. */
export function firstBytesOf(records: Uint8Array): (number | undefined)[] {
  const view = Buffer.from(records);
  const found: (number | undefined)[] = [];
  for (let start = 0; start < view.length; start += 16 + view.readUInt32LE(start + 8)) found.push(view[start + 16]);
  return found;
}

/** draft-ietf-opsawg-pcapng section 4.3: a block with four bytes and no option, 44 bytes. */
export function blockOf(timestampHigh: number, timestampLow: number): Buffer {
  const words = [6, 44, 0, timestampHigh, timestampLow, 4, 4, 0x0403_0201, 0, 0, 44];
  return Buffer.from(Uint32Array.from(words).buffer);
}

/** What takeRecords takes, from wherever it says it is. */
export function take(drain: NativePacketDrain, buffer = new Uint8Array(65_536)) {
  const { ring, offset, bytes: length, records, ...rest } = drain.takeRecords(buffer);
  const source = ring < 0 ? buffer : new Uint8Array(drain.buffers()[ring] ?? new ArrayBuffer(0));
  return { inPlace: ring >= 0, records, rest, bytes: source.slice(offset, offset + length) };
}
