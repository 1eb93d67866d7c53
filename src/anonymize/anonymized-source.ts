/** A source whose packets have other addresses than those of the source it is made of. */
import type { SourceDescription } from "../packets/captured.ts";
import type { PacketBatch } from "../packets/packet-batch.ts";
import type { PacketSource } from "../pipeline/source.ts";
import { AnonymizedBatches, type AnonymizedOptions } from "./anonymized-batches.ts";
import { anonymizedBlocks } from "./anonymized-blocks.ts";
import type { Anonymizer } from "./anonymizer.ts";

export class AnonymizedSource implements PacketSource {
  readonly #source: PacketSource;
  readonly #batches: AnonymizedBatches;
  readonly #linkType: number;

  /** @param source of one origin, such as a replay */
  constructor(source: PacketSource, anonymizer: Anonymizer, options: AnonymizedOptions) {
    const [origin] = source.description.origins;
    if (origin === undefined) throw new Error("a source without an origin");
    this.#source = source;
    this.#batches = new AnonymizedBatches(anonymizer, options);
    this.#linkType = origin.link.linkType;
  }

  /** What is known of the packets, without names of hosts, files and filters. */
  get description(): SourceDescription {
    const { description } = this.#source;
    const origins = description.origins.map((origin) => ({ ...origin, name: "anonymized" }));
    return { ...description, origins, filter: undefined, isAnonymized: true };
  }

  /** Packets of which something was cut off because it is of no kind that is understood. */
  get notUnderstood(): number {
    return this.#batches.notUnderstood;
  }

  counters() {
    return this.#source.counters();
  }

  requestStop(): void {
    this.#source.requestStop();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<PacketBatch, void, undefined> {
    for await (const batch of this.#source) {
      const { fileBlocks } = batch;
      const anonymized = this.#batches.next(batch, fileBlocks?.linkType ?? this.#linkType);
      if (fileBlocks !== undefined) anonymized.fileBlocks = anonymizedBlocks(fileBlocks);
      yield anonymized;
    }
  }
}
