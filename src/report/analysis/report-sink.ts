/**
 * The sink that analyses packets, and says at the end what they were: a Report.
 *
 * Files are read in one of two ways. Where every packet of a file is wanted, `readCapture()` takes the batches of the parser
 * as they are. Where a filter or an expression chooses, a replay hands over what passed: `run(session, sink)`. The first way
 * spares the copy of each packet that a filter needs, and knows the losses that every packet tells, not only those that
 * passed. Several files go into one sink, one after the other, in either way. The one object analyses live captures, too.
 */
import type { CaptureCounters, SourceDescription } from "../../packets/captured.ts";
import type { PacketBatch } from "../../packets/packet-batch.ts";
import type { Capture, CaptureBatch, CaptureCursor } from "../../pcap-parser/index.ts";
import type { SinkNeeds } from "../../pipeline/sink.ts";
import { FileReading } from "../completeness/file-reading.ts";
import type { FileSink } from "../files/file-sink.ts";
import type { Report } from "../report.ts";
import { Moment } from "../times.ts";
import { Analyses } from "./analyses.ts";
import { BatchTraits, CAPTURE_TRAITS } from "./cursor-traits.ts";
import { type CursorTraits, HeaderColumns } from "./header-columns.ts";
import { type ReportFacts, reportOf } from "./report-of.ts";

export class ReportSink implements FileSink {
  readonly needs: SinkNeeds = { timeUnit: 1, origin: true, blocks: true };
  readonly bytesWritten = 0;
  readonly #columns = new HeaderColumns();
  readonly #analyses = new Analyses();
  readonly #files: FileReading[] = [];
  /** The final counters of captures that were no files. */
  readonly #live: CaptureCounters[] = [];
  #file: FileReading | undefined;
  #traits: BatchTraits | undefined;
  #counters: (() => CaptureCounters) | undefined;
  #isFile = false;
  #read = 0;

  /** Packets that were analysed. */
  get packetsWritten(): number {
    return this.#analyses.counts.packets;
  }

  /** Begins with the packets of a replay or of a live capture. */
  begin(description: SourceDescription, counters: () => CaptureCounters): void {
    this.#counters = counters;
    this.#traits = new BatchTraits(description);
    this.#isFile = description.origins.every(({ hook }) => hook === undefined);
    this.#analyses.counts.beginFile();
    this.#file = undefined;
    if (!this.#isFile) return;
    this.#file = new FileReading(description.hasFileBlocks ? "pcapng" : "pcap");
    if (!description.hasFileBlocks) this.#file.addPlain(this.#traits.linkType, description.snapshotLength);
    this.#files.push(this.#file);
  }

  write(batch: PacketBatch): void {
    const traits = this.#traits;
    if (traits === undefined) throw new Error("packets come before the source was described");
    if (batch.fileBlocks !== undefined) traits.linkType = batch.fileBlocks.linkType;
    this.#analyse(batch.cursor(), traits);
    this.#file?.takeBlocks(batch, () => this.#file?.last);
  }

  /** Ends one source. Another one may begin. */
  close(): void {
    const counters = this.#counters?.();
    this.#counters = undefined;
    if (counters === undefined) return;
    this.#read += counters.seen;
    if (!this.#isFile) this.#live.push(counters);
  }

  async readCapture(capture: Capture, signal?: AbortSignal): Promise<void> {
    const file = new FileReading(capture.format.type);
    if (capture.format.type === "pcap") file.addPlain(capture.format.linkType, capture.format.snapshotLength);
    this.#files.push(file);
    this.#file = file;
    this.#analyses.counts.beginFile();
    for await (const batch of capture) {
      signal?.throwIfAborted();
      this.#read += batch.count;
      for (const block of batch.blocks) file.takeBlock(block);
      if (batch.count > 0) this.#analyse(batch.cursor(), CAPTURE_TRAITS);
      if (capture.format.type === "pcapng") takeLosses(batch, file);
    }
  }

  #analyse<Cursor extends Parameters<HeaderColumns["fill"]>[0]>(cursor: Cursor, traits: CursorTraits<Cursor>): void {
    const columns = this.#columns;
    while (columns.fill(cursor, traits)) {
      this.#analyses.add(columns);
      if (this.#file !== undefined) noteSpan(this.#file, columns);
    }
  }

  /** Says what all packets so far were. */
  report(facts: ReportFacts): Report {
    return reportOf(this.#analyses, { files: this.#files, live: this.#live, read: this.#read }, facts);
  }
}

/** Notes how many packets a file has, and the times of its first and last one in their order. */
function noteSpan(file: FileReading, { count, hasTime, seconds, nanoseconds }: HeaderColumns): void {
  file.packets += count;
  for (let index = 0; file.first === undefined && index < count; index++) {
    if (hasTime[index] === 1) file.first = new Moment(seconds[index] ?? 0, nanoseconds[index] ?? 0);
  }
  for (let index = count - 1; index >= 0; index--) {
    if (hasTime[index] !== 1) continue;
    file.last = new Moment(seconds[index] ?? 0, nanoseconds[index] ?? 0);
    return;
  }
}

/** Takes the losses that packets of a pcapng file tell. */
function takeLosses(batch: CaptureBatch, file: FileReading): void {
  const cursor: CaptureCursor = batch.cursor();
  while (cursor.next()) {
    const lost = cursor.dropCount;
    if (lost !== undefined) file.takeLoss(lost, lost > 0 ? new Moment(cursor.seconds, cursor.nanoseconds) : undefined);
  }
}
