/** A ring of packets as bpf/capture/packet_ring.h lays it out, and its producer's side, so that a test decides what is in it. */
import { onTestFinished } from "vitest";
import {
  PACKET_RING,
  PACKET_RING_DATA,
  PACKET_RING_OVERRUN,
  PACKET_RING_POSITION_BITS,
} from "../../src/generated/layouts.ts";
import { addon } from "../../src/native/addon.ts";
import type { Descriptor } from "../../src/native/descriptor.ts";
import { BpfMap } from "../../src/native/map.ts";

const KEY = new Uint8Array(4);
/** A position and, in the bits above it, the number of records up to there. */
const POSITION_BITS = BigInt(PACKET_RING_POSITION_BITS);
const POSITION_MASK = (1n << POSITION_BITS) - 1n;
const COUNT_MASK = (1n << (64n - POSITION_BITS)) - 1n;

export interface RecordContent {
  readonly seconds?: number;
  readonly fraction?: number;
  readonly data?: Uint8Array;
  readonly originalLength?: number;
  /** Interface, direction, queue and packets lost; without it the record has no struct packet_origin. */
  readonly origin?: readonly [number, number, queue?: number, lost?: number];
  /** Six words; without it the record has no struct packet_process. */
  readonly process?: readonly number[];
  /** Lies in the ring instead of a record: the block of a pcapng file. */
  readonly block?: Uint8Array;
  /** What the record says of itself, if not the truth. */
  readonly capturedLength?: number;
}

/** bpf/capture/packet_record.h: seconds, fraction, captured and original length, the bytes, then perhaps an origin, and a process. */
function packetRecord(content: RecordContent): Buffer {
  if (content.block !== undefined) return Buffer.from(content.block);
  const { seconds = 1, fraction = 0, data = new Uint8Array(0), process = [] } = content;
  const [interfaceIndex, direction, queue = 0, lost = 0] = content.origin ?? [];
  const origin = interfaceIndex === undefined ? [] : [interfaceIndex, direction ?? 0, queue, lost];
  const header = [seconds, fraction, content.capturedLength ?? data.length, content.originalLength ?? data.length];
  return Buffer.concat(
    [Uint32Array.from(header), data, Uint32Array.from(origin), Uint32Array.from(process)].map((part) =>
      Buffer.from(part.buffer),
    ),
  );
}

export class RingProducer {
  readonly map: Descriptor;
  readonly #size: number;

  /** @param size bytes, a power of two */
  constructor(size = 16_384) {
    this.#size = size;
    this.map = BpfMap.createMappable(PACKET_RING_DATA + size + PACKET_RING_OVERRUN, "test_ring").descriptor;
    onTestFinished(() => this.map.close());
  }

  /** Changes the ring's memory: the same that the drain has mapped. */
  change(edit: (value: Buffer) => void): void {
    const value = addon().lookupMap(this.map, KEY);
    if (value === undefined) throw new Error("the ring has no value");
    const buffer = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    edit(buffer);
    addon().updateMap(this.map, KEY, buffer, 0);
  }

  /** Whether the record found room. */
  push(content: RecordContent): boolean {
    const record = packetRecord(content);
    let pushed = false;
    this.change((value) => {
      const mark = value.readBigUInt64LE(PACKET_RING.published);
      const position = mark & POSITION_MASK;
      const size = BigInt(this.#size);
      const consumed = value.readBigUInt64LE(PACKET_RING.consumed);
      const taken = (position + BigInt(record.length) - consumed) & POSITION_MASK;
      if (taken > size) return;
      const offset = Number(position % size);
      record.copy(value, PACKET_RING_DATA + offset);
      const records = ((mark >> POSITION_BITS) + 1n) & COUNT_MASK;
      const end = offset + record.length;
      const next = end >= this.#size ? (position / size + 1n) * size : position + BigInt(record.length);
      if (end >= this.#size) value.writeBigUInt64LE((records << POSITION_BITS) | BigInt(end), PACKET_RING.lapEnd);
      value.writeBigUInt64LE((records << POSITION_BITS) | (next & POSITION_MASK), PACKET_RING.published);
      pushed = true;
    });
    return pushed;
  }

  /** As the producer notes that the next record is the first with the new time. */
  noteStep(): void {
    this.change((value) => {
      value.writeBigUInt64LE(value.readBigUInt64LE(PACKET_RING.published) & POSITION_MASK, PACKET_RING.steppedAt);
      value.writeBigUInt64LE(value.readBigUInt64LE(PACKET_RING.clockGeneration), PACKET_RING.generation);
    });
  }

  setClaimed(claimed: boolean): void {
    this.change((value) => value.writeBigUInt64LE(claimed ? 1n : 0n, PACKET_RING.claimed));
  }
}

/** A BPF ring buffer that wakes nobody. */
export function wakeupRing(): Descriptor {
  const map = BpfMap.createRingBuffer(4096, "test_wakeups");
  onTestFinished(() => map.close());
  return map.descriptor;
}
