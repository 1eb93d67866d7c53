/** The sink of -w with rotation. It begins another file by size, by the clock, by packets, and when it is told to. */
import { type RingcapError, usageError } from "../errors.ts";
import type { CaptureCounters, SourceDescription } from "../packets/captured.ts";
import type { PacketBatch } from "../packets/packet-batch.ts";
import type { FileOwner, PacketSink, RotationCounts, SinkNeeds } from "../pipeline/sink.ts";
import { type Compression, compressorOf } from "./compression/compressor.ts";
import type { FileFormat } from "./file-format.ts";
import { FileNames } from "./file-names.ts";
import { FileSeries } from "./file-series.ts";
import { refuseSomethingElse, refuseUnwritable } from "./output-directory.ts";
import { isStandardOutput } from "./output-file.ts";
import type { PartialFile } from "./partial-file.ts";
import { Seams } from "./rotation-clock.ts";
import { checkRotation, type RotationOptions } from "./rotation-options.ts";
import { firstPart, packetsBefore } from "./split.ts";

export interface RotatingOptions extends RotationOptions {
  readonly compression?: Compression | undefined;
  readonly onNote?: ((note: string) => void) | undefined;
  readonly onWarning?: ((warning: string) => void) | undefined;
  /** Returns milliseconds since the epoch. The default is Date.now; tests give another clock. */
  readonly now?: (() => number) | undefined;
}

/** Milliseconds that the timer waits behind a seam, because packets of the last moment before it may come late. */
const GRACE_MILLISECONDS = 100;
const TIMER_MAX_MILLISECONDS = 60_000;
/** The pause between two looks at the free space, which other programs may use up. */
const BUDGET_MILLISECONDS = 1000;

export class RotatingOutput implements PacketSink {
  readonly needs: SinkNeeds;
  readonly #name: string;
  readonly #format: FileFormat;
  readonly #options: RotationOptions;
  readonly #series: FileSeries;
  readonly #now: () => number;
  readonly #seams: Seams;
  #partial: PartialFile | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The number of tasks that wait for something: a write, and a rotation by the timer beside it. */
  #working = 0;
  /** The failure of work beside the capture that a write has thrown already. */
  #told: RingcapError | undefined;
  #wanted = false;

  /** @throws RingcapError USAGE for options that cannot be honoured */
  constructor(name: string, format: FileFormat, options: RotatingOptions) {
    const { onNote = () => {}, onWarning = () => {}, now = Date.now, compression, ...rotation } = options;
    if (isStandardOutput(name)) {
      throw usageError("write", "standard output cannot be parted into files", "name a file: -w x.pcap");
    }
    this.needs = format.needs;
    this.#name = name;
    this.#format = format;
    this.#options = checkRotation(rotation);
    this.#now = now;
    this.#seams = new Seams(rotation.rotateEvery, now);
    const { rotateSize, rotatePackets } = this.#options;
    const names = new FileNames(name, rotateSize !== undefined || rotatePackets !== undefined);
    const compressor = compression === undefined ? undefined : compressorOf(compression);
    this.#series = new FileSeries({ ...this.#options, names, compressor, onNote, onWarning });
  }

  prepare(): void {
    refuseSomethingElse(this.#name);
    this.#partial = this.#series.prepare(this.#now() / 1000);
  }

  get directory(): FileOwner | undefined {
    return this.#series.owner;
  }

  giveTo(owner: FileOwner | undefined): void {
    if (owner === undefined) return;
    refuseUnwritable(this.#name, owner);
    this.#partial?.giveTo(owner);
  }

  get packetsWritten(): number {
    return this.#series.packets;
  }

  get bytesWritten(): number {
    return this.#series.bytes;
  }

  get files(): readonly string[] {
    return this.#series.files;
  }

  get rotation(): RotationCounts {
    return this.#series.counts;
  }

  begin(description: SourceDescription, counters: () => CaptureCounters): void {
    this.#series.begin(() => this.#format.start(description), counters);
    this.#seams.reset();
    this.#setTimer();
    void this.#series.makeRoom();
  }

  /** Begins another file at once, or after the write that is going on. SIGHUP calls it. */
  rotate(): void {
    this.#wanted = true;
    this.#rotateIfIdle();
  }

  write(batch: PacketBatch): void | Promise<void> {
    this.#throwFailure();
    const { current } = this.#series;
    const records = current.encoder.encode(batch);
    if (this.#fits(records.length, batch.count) && !this.#series.isOverBudget(records.length)) {
      const written = current.write(records, batch.count);
      return written === undefined ? undefined : this.#slowly(() => written);
    }
    return this.#slowly(() => this.#writeInParts(batch, records));
  }

  /** Whether all of the packets go into the current file. */
  #fits(bytes: number, packets: number): boolean {
    const { rotateSize = Number.POSITIVE_INFINITY, rotatePackets = Number.POSITIVE_INFINITY } = this.#options;
    const { current } = this.#series;
    if (this.#wanted || this.#seams.isReached()) return false;
    return current.bytesTaken + bytes <= rotateSize && current.packetsTaken + packets <= rotatePackets;
  }

  async #slowly(work: () => Promise<void>): Promise<void> {
    this.#working++;
    try {
      await work();
    } finally {
      this.#working--;
    }
    this.#rotateIfIdle();
  }

  async #writeInParts(batch: PacketBatch, records: Uint8Array): Promise<void> {
    if (this.#wanted) await this.#goOn(this.#now() / 1000);
    let [left, packets] = [records, batch.count];
    if (this.#seams.isReached()) {
      const before = Math.min(packetsBefore(batch, this.#seams.next), packets);
      const { bytes } = firstPart(this.#series.current.encoder, records, before, records.length);
      await this.#writeBySize(records.subarray(0, bytes), before);
      [left, packets] = [records.subarray(bytes), packets - before];
      if (packets > 0) await this.#goOn(this.#seams.pass());
    }
    await this.#writeBySize(left, packets);
  }

  async #writeBySize(records: Uint8Array, count: number): Promise<void> {
    const { rotateSize = Number.POSITIVE_INFINITY, rotatePackets = Number.POSITIVE_INFINITY } = this.#options;
    let [left, packets] = [records, count];
    while (packets > 0) {
      const { current } = this.#series;
      const room = { packets: rotatePackets - current.packetsTaken, bytes: rotateSize - current.bytesTaken };
      let part = firstPart(current.encoder, left, Math.min(packets, room.packets), room.bytes);
      if (part.packets === 0 && current.packetsTaken === 0) part = firstPart(current.encoder, left, 1, left.length);
      if (part.packets === 0) {
        await this.#goOn(this.#now() / 1000);
        continue;
      }
      await this.#series.makeRoom(part.bytes);
      this.#throwFailure();
      await current.write(left.subarray(0, part.bytes), part.packets);
      [left, packets] = [left.subarray(part.bytes), packets - part.packets];
    }
  }

  async #next(second: number): Promise<void> {
    this.#wanted = false;
    await this.#series.next(second);
    await this.#series.makeRoom();
  }

  /** Begins another file during a write, which also throws a failure of work beside the capture. */
  async #goOn(second: number): Promise<void> {
    await this.#next(second);
    this.#throwFailure();
  }

  #throwFailure(): void {
    const { failure } = this.#series;
    if (failure === undefined) return;
    this.#told = failure;
    throw failure;
  }

  /** Sets the timer that ends a file at its seam when no packet comes. */
  #setTimer(): void {
    const { rotateEvery, keepFree } = this.#options;
    if (rotateEvery === undefined && keepFree === undefined) return;
    const most = keepFree === undefined ? TIMER_MAX_MILLISECONDS : BUDGET_MILLISECONDS;
    const wait = this.#seams.left + GRACE_MILLISECONDS;
    this.#timer = setTimeout(() => this.#onTimer(), Math.min(wait, most));
    this.#timer.unref();
  }

  #onTimer(): void {
    this.#rotateIfIdle();
    if (this.#working === 0) void this.#series.makeRoom();
    this.#setTimer();
  }

  /**
   * Begins another file if one is due and no write is going on. A write that is going on does so itself. If the next
   * file cannot be opened, the next write tries again.
   */
  #rotateIfIdle(): void {
    const isDue = this.#seams.isReached(GRACE_MILLISECONDS);
    if (this.#working > 0 || !(isDue || this.#wanted)) return;
    const rotated = this.#next(isDue ? this.#seams.pass() : this.#now() / 1000);
    void this.#slowly(() => rotated).catch(() => {
      this.#wanted = true;
    });
  }

  flush(): void {
    this.#series.flush();
  }

  abandon(): void {
    this.#series.abandon();
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#series.close();
    const { failure } = this.#series;
    if (failure !== undefined && failure !== this.#told) throw failure;
  }

  discard(): void {
    this.#series.discard();
  }
}
