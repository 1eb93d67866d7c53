/** The engines of a replay: one for the packets of each link type, opened when the first of them comes. */
import type { ByteOrder } from "../packets/byte-order.ts";
import type { InputBatch } from "../packets/input-batch.ts";
import { openEngine } from "./choose-engine.ts";
import type { EngineResult, ReplayEngine } from "./engine.ts";
import type { ReplaySettings } from "./options.ts";

interface FirstPackets {
  readonly linkType: number;
  readonly byteOrder: ByteOrder;
}

export class EngineByLinkType {
  readonly #settings: ReplaySettings;
  readonly #engines = new Map<number, ReplayEngine>();
  /** Of the packets that the file begins with. */
  readonly first: ReplayEngine;

  /** @throws RingcapError as openEngine() */
  constructor(settings: ReplaySettings, first: FirstPackets) {
    this.#settings = settings;
    this.first = this.#engineOf(first);
  }

  #engineOf({ linkType, byteOrder }: FirstPackets): ReplayEngine {
    const engine = this.#engines.get(linkType) ?? openEngine(this.#settings, { linkType, byteOrder }, this.#hadKernel);
    this.#engines.set(linkType, engine);
    return engine;
  }

  /** Whether the process was allowed to load a program when the replay began. */
  get #hadKernel(): boolean {
    return [...this.#engines.values()].some(({ name }) => name === "kernel");
  }

  /** See ReplayEngine.run(). @throws RingcapError as openEngine() */
  run(input: InputBatch, limit: number): EngineResult {
    return this.#engineOf(input).run(input, limit);
  }

  get decidedOnHost(): number {
    return [...this.#engines.values()].reduce((sum, engine) => sum + engine.decidedOnHost, 0);
  }

  /** @throws RingcapError INTERNAL when the kernel counted something else */
  verify(): void {
    for (const engine of this.#engines.values()) engine.verify();
  }

  close(): void {
    for (const engine of this.#engines.values()) engine.close();
  }
}
