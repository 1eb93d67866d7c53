/** Compares what a replay gives with a capture file, packet by packet, and names the first difference. */

import { BATCH_RECORD } from "../generated/layouts.ts";
import type { CaptureCounters, SourceDescription } from "../packets/captured.ts";
import type { InputBatch } from "../packets/input-batch.ts";
import type { PacketBatch } from "../packets/packet-batch.ts";
import type { PacketSink, SinkNeeds } from "../pipeline/sink.ts";
import { type InputSource, ReplayInput } from "./input.ts";

export interface Mismatch {
  /** Number of the packet in the output, from 1; 0 when it is the file as a whole. */
  packet: number;
  /** "missing" means that the golden file has a packet more, and "surplus" that the output has one more. */
  field: "linkType" | "timestamp" | "originalLength" | "capturedLength" | "data" | "missing" | "surplus";
  /** Of `data`: where in the packet, bytes. */
  offset: number | null;
  expected: string;
  actual: string;
}

interface PacketView {
  seconds: number;
  nanoseconds: number;
  originalLength: number;
  capturedLength: number;
  bytes: Uint8Array;
  start: number;
}

/** The difference between two packets, in the order of a pcap record; the unit is that of the coarser time stamp. */
export function comparePackets(
  packet: number,
  expected: PacketView,
  actual: PacketView,
  unit: number,
): Mismatch | undefined {
  const differ = (field: Mismatch["field"], a: number | string, b: number | string, offset: number | null = null) => ({
    packet,
    field,
    offset,
    expected: String(a),
    actual: String(b),
  });
  const fraction = ({ nanoseconds }: PacketView) => Math.floor(nanoseconds / unit);
  if (expected.seconds !== actual.seconds || fraction(expected) !== fraction(actual)) {
    return differ("timestamp", formatTime(expected, unit), formatTime(actual, unit));
  }
  if (expected.originalLength !== actual.originalLength) {
    return differ("originalLength", expected.originalLength, actual.originalLength);
  }
  const common = Math.min(expected.capturedLength, actual.capturedLength);
  for (let offset = 0; offset < common; offset++) {
    const a = expected.bytes[expected.start + offset] ?? 0;
    const b = actual.bytes[actual.start + offset] ?? 0;
    if (a !== b) return differ("data", hexByte(a), hexByte(b), offset);
  }
  if (expected.capturedLength !== actual.capturedLength) {
    return differ("capturedLength", expected.capturedLength, actual.capturedLength);
  }
  return undefined;
}

function formatTime({ seconds, nanoseconds }: PacketView, unit: number): string {
  const text = String(nanoseconds).padStart(9, "0");
  return `${seconds}.${unit === 1 ? text : text.slice(0, 6)}`;
}

function hexByte(value: number): string {
  return `0x${value.toString(16).padStart(2, "0")}`;
}

/** "packet 3: timestamp is 1.000002, expected 1.000001" */
export function formatMismatch({ packet, field, offset, expected, actual }: Mismatch): string {
  if (field === "missing") return `packet ${packet}: is missing, the golden file has it (${expected})`;
  if (field === "surplus") return `packet ${packet}: is one more than the golden file has (${actual})`;
  const where = packet === 0 ? "" : `packet ${packet}: `;
  const what = offset === null ? field : `byte ${offset} of the data`;
  return `${where}${what} is ${actual}, expected ${expected}`;
}

export class GoldenComparison implements AsyncDisposable {
  readonly #unit: number;
  readonly #input: ReplayInput;
  readonly #batches: AsyncGenerator<InputBatch, void, undefined>;
  readonly #signal: AbortSignal | undefined;
  readonly #stop = () => this.#input.stop();
  #golden: InputBatch | undefined;
  #index = 0;
  #next = 0;
  #packets = 0;
  mismatch: Mismatch | null = null;

  private constructor(golden: ReplayInput, linkType: number, signal: AbortSignal | undefined) {
    this.#signal = signal;
    signal?.addEventListener("abort", this.#stop);
    this.#unit = golden.precision === "nano" ? 1 : 1000;
    this.#input = golden;
    this.#batches = golden.batches();
    if (golden.linkType === linkType) return;
    const [expected, actual] = [golden.linkType, linkType].map(String) as [string, string];
    this.mismatch = { packet: 0, field: "linkType", offset: null, expected, actual };
  }

  /**
   * @param linkType of the output
   * @throws RingcapError INPUT when the golden file cannot be read; the signal's reason
   */
  static async open(golden: InputSource, linkType: number, signal?: AbortSignal): Promise<GoldenComparison> {
    return new GoldenComparison(await ReplayInput.open(golden, signal), linkType, signal);
  }

  /** Compares up to the first difference. @throws RingcapError INPUT when the golden file is broken */
  async add(batch: PacketBatch): Promise<void> {
    const cursor = batch.cursor();
    while (this.mismatch === null && cursor.next()) {
      this.#packets++;
      if (!this.#hasNext()) await this.#fill();
      const expected = this.#take();
      this.mismatch =
        expected === undefined
          ? { packet: this.#packets, field: "surplus", offset: null, expected: "none", actual: summary(cursor) }
          : (comparePackets(this.#packets, expected, cursor, this.#unit) ?? null);
    }
  }

  /** Ends the comparison after the last packet. */
  async finish(): Promise<void> {
    if (this.mismatch !== null) return;
    if (!this.#hasNext()) await this.#fill();
    const expected = this.#take();
    if (expected === undefined) return;
    const packet = this.#packets + 1;
    this.mismatch = { packet, field: "missing", offset: null, expected: summary(expected), actual: "none" };
  }

  async close(): Promise<void> {
    this.#signal?.removeEventListener("abort", this.#stop);
    await this.#input.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #hasNext(): boolean {
    return this.#golden !== undefined && this.#index < this.#golden.count;
  }

  /** The next batch, if there is one. */
  async #fill(): Promise<void> {
    const { value, done } = await this.#batches.next();
    this.#golden = done ? undefined : value;
    this.#index = 0;
    this.#next = 0;
  }

  /** The next packet; undefined after the last one. */
  #take(): PacketView | undefined {
    if (this.#golden === undefined) return undefined;
    const { bytes, words } = this.#golden;
    const record = this.#next / 4;
    const capturedLength = words[record + BATCH_RECORD.capturedLength / 4] ?? 0;
    const start = this.#next + BATCH_RECORD.size;
    this.#next = start + ((capturedLength + 7) & ~7);
    this.#index++;
    return {
      seconds: words[record + BATCH_RECORD.seconds / 4] ?? 0,
      nanoseconds: words[record + BATCH_RECORD.nanoseconds / 4] ?? 0,
      originalLength: words[record + BATCH_RECORD.originalLength / 4] ?? 0,
      capturedLength,
      bytes,
      start,
    };
  }
}

function summary(packet: PacketView): string {
  return `at ${formatTime(packet, 1)}, ${packet.originalLength} bytes`;
}

/** Compares packets on their way to another sink. */
export class ComparingSink implements PacketSink {
  readonly #comparison: GoldenComparison;
  readonly #sink: PacketSink;

  constructor(comparison: GoldenComparison, sink: PacketSink) {
    this.#comparison = comparison;
    this.#sink = sink;
  }

  get needs(): SinkNeeds {
    return this.#sink.needs;
  }

  get packetsWritten(): number {
    return this.#sink.packetsWritten;
  }

  get bytesWritten(): number {
    return this.#sink.bytesWritten;
  }

  async begin(description: SourceDescription, counters: () => CaptureCounters): Promise<void> {
    await this.#sink.begin?.(description, counters);
  }

  async write(batch: PacketBatch): Promise<void> {
    await this.#comparison.add(batch);
    await this.#sink.write(batch);
  }

  abandon(): void {
    this.#sink.abandon?.();
  }

  flush(): void {
    this.#sink.flush?.();
  }

  async close(): Promise<void> {
    await this.#sink.close();
  }

  discard(): void {
    this.#sink.discard?.();
  }
}
