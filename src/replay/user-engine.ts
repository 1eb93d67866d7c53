/** The engine on the host: bpf/filter/filter.h, compiled for this machine. It needs no privileges. */

import { BATCH_RECORD } from "../generated/layouts.ts";
import { HostFilter } from "../native/host-filter.ts";
import { AlignedBatch } from "../packets/aligned-batch.ts";
import type { InputBatch } from "../packets/input-batch.ts";
import type { EngineResult, ReplayEngine } from "./engine.ts";
import type { FileExpression } from "./file-expression.ts";
import type { ReplaySettings } from "./options.ts";

const CAPTURED_LENGTH = BATCH_RECORD.capturedLength / 4;

export class UserEngine implements ReplayEngine {
  readonly name = "user";
  readonly hook = null;
  readonly decidedOnHost = 0;
  readonly #filter: HostFilter | undefined;
  readonly #expression: FileExpression | undefined;
  readonly #snapshotLength: number;
  #verdicts = new Uint8Array(0);

  constructor(settings: ReplaySettings, linkType: number, expression: FileExpression | undefined) {
    const { filter, matchesAll, snapshotLength } = settings;
    this.#filter = matchesAll ? undefined : new HostFilter(filter.bytes, filter.networkKeys, linkType);
    this.#expression = expression;
    this.#snapshotLength = snapshotLength;
  }

  run(input: InputBatch, limit: number): EngineResult {
    const { bytes, words, count } = input;
    if (this.#verdicts.length < count) this.#verdicts = new Uint8Array(count);
    this.#verdicts.fill(1);
    this.#filter?.match(bytes, count, this.#verdicts);
    this.#expression?.match(input, this.#verdicts);
    let packets = 0;
    let matched = 0;
    let from = 0;
    let to = 0;
    // Packets that matched move up to the end of the packets before them.
    for (; packets < count && matched < limit; packets++) {
      const length = words[from / 4 + CAPTURED_LENGTH] ?? 0;
      const next = from + BATCH_RECORD.size + ((length + 7) & ~7);
      if (this.#verdicts[packets] === 1) {
        const kept = Math.min(length, this.#snapshotLength);
        words[from / 4 + CAPTURED_LENGTH] = kept;
        if (from !== to) bytes.copyWithin(to, from, from + BATCH_RECORD.size + kept);
        to += BATCH_RECORD.size + ((kept + 7) & ~7);
        matched++;
      }
      from = next;
    }
    return { packets, batch: new AlignedBatch(bytes, words, matched) };
  }

  verify(): void {}

  close(): void {}

  [Symbol.dispose](): void {}
}
