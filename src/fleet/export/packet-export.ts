/** Writes the packets of capture files as rows of the packets table. It is a sink of a replay, and reads whole files itself. */
import type { SourceDescription } from "../../packets/captured.ts";
import type { PacketBatch } from "../../packets/packet-batch.ts";
import type { Capture } from "../../pcap-parser/index.ts";
import type { SinkNeeds } from "../../pipeline/sink.ts";
import { BatchTraits } from "../../report/analysis/cursor-traits.ts";
import { type CursorTraits, HeaderColumns } from "../../report/analysis/header-columns.ts";
import type { FileSink } from "../../report/files/file-sink.ts";
import { BlockNames, NamingTraits } from "./interface-names.ts";

/** A table that is made of packets. */
export interface PacketTable {
  /** @param interfaces the name of each packet's interface */
  add(columns: HeaderColumns, interfaces: readonly (string | undefined)[]): void | Promise<void>;
  /** Of files that are finished. */
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
  close(): Promise<void>;
  discard(): void;
}

export class PacketExport implements FileSink {
  readonly needs: SinkNeeds = { timeUnit: 1, origin: true, blocks: true };
  packetsWritten = 0;
  readonly #table: PacketTable;
  readonly #columns = new HeaderColumns();
  readonly #blockNames = new BlockNames();
  #traits: BatchTraits | undefined;

  constructor(table: PacketTable) {
    this.#table = table;
  }

  get bytesWritten(): number {
    return this.#table.bytes;
  }

  /** Begins with the packets of a replay. */
  begin(description: SourceDescription): void {
    this.#traits = new BatchTraits(description);
    this.#blockNames.beginFile();
  }

  async write(batch: PacketBatch): Promise<void> {
    const traits = this.#traits;
    if (traits === undefined) throw new Error("packets come before the source was described");
    if (batch.fileBlocks !== undefined) traits.linkType = batch.fileBlocks.linkType;
    const names = this.#blockNames.of(batch);
    await this.#take(batch.cursor(), traits, (count) => names.splice(0, count));
  }

  /** Ends one file. Another one may begin. */
  close(): void {}

  /** Reads a whole file. @throws RingcapError INPUT at what is broken, after all packets before it; the signal's reason */
  async readCapture(capture: Capture, signal?: AbortSignal): Promise<void> {
    const traits = new NamingTraits();
    for await (const batch of capture) {
      signal?.throwIfAborted();
      if (batch.count > 0) await this.#take(batch.cursor(), traits, () => traits.names.splice(0));
    }
  }

  async #take<Cursor extends Parameters<HeaderColumns["fill"]>[0]>(
    cursor: Cursor,
    traits: CursorTraits<Cursor>,
    takeNames: (count: number) => readonly (string | undefined)[],
  ): Promise<void> {
    const columns = this.#columns;
    while (columns.fill(cursor, traits)) {
      const added = this.#table.add(columns, takeNames(columns.count));
      if (added !== undefined) await added;
      this.packetsWritten += columns.count;
    }
  }
}
