/** Sources and sinks that do what a test tells them, and write down in which order they were asked. */

import type { PacketBatch } from "../../../src/packets/packet-batch.ts";
import { PcapBatch } from "../../../src/packets/pcap-batch.ts";
import { ANY_LAYOUT, type PacketSink } from "../../../src/pipeline/sink.ts";
import type { PacketSource } from "../../../src/pipeline/source.ts";

/** Packets of no bytes. */
export function batchOf(count: number): PacketBatch {
  return new PcapBatch(new Uint8Array(16 * count), count, { interfaceIndex: 1, direction: 0, timeUnit: 1 });
}

export const NO_COUNTERS = {
  seen: 0,
  matched: 0,
  sampledOut: 0,
  rateLimited: 0,
  ringDropped: 0,
  overLimit: 0,
  delivered: 0,
};

export const DESCRIPTION = { origins: [], snapshotLength: 128 };

/** Gives batches of so many packets. A value that is no number is thrown in its place. */
export function scriptedSource(log: string[], batches: readonly unknown[]): PacketSource {
  return {
    description: DESCRIPTION,
    counters: () => ({ ...NO_COUNTERS, delivered: 99 }),
    requestStop: () => log.push("stop"),
    async *[Symbol.asyncIterator]() {
      for (const count of batches) {
        if (typeof count !== "number") throw count;
        log.push(`read ${count}`);
        yield batchOf(count);
      }
      log.push("end");
    },
  };
}

/** What the steps of a sink throw. */
export interface SinkFaults {
  begin?: unknown;
  /** By the number of the batch, from 1 on. */
  write?: { readonly batch: number; readonly error: unknown };
  close?: unknown;
}

export class ScriptedSink implements PacketSink {
  readonly needs = ANY_LAYOUT;
  readonly bytesWritten = 7;
  packetsWritten = 0;
  readonly #log: string[];
  readonly #faults: SinkFaults;
  #batch = 0;

  constructor(log: string[], faults: SinkFaults = {}) {
    this.#log = log;
    this.#faults = faults;
  }

  async begin(): Promise<void> {
    this.#log.push("begin");
    if (this.#faults.begin !== undefined) throw this.#faults.begin;
  }

  async write({ count }: PacketBatch): Promise<void> {
    this.#log.push(`write ${count}`);
    const { write } = this.#faults;
    await Promise.resolve();
    if (++this.#batch === write?.batch) throw write.error;
    this.packetsWritten += count;
    this.#log.push(`wrote ${count}`);
  }

  async close(): Promise<void> {
    this.#log.push("close");
    if (this.#faults.close !== undefined) throw this.#faults.close;
  }

  discard(): void {
    this.#log.push("discard");
  }
}
