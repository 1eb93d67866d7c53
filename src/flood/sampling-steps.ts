/**
 * The changes of the sampling in an incident. Packets from before a change may be written long after it, so that each
 * packet is told by its time to which step it belongs.
 */
import type { SamplingStep } from "./incident-report.ts";
import { lastTime, type PacketRow, rowFrom } from "./packet-row.ts";

/** Packets of one step. */
export interface SteppedRow extends PacketRow {
  /** The step that begins with the packets; undefined where they go on in the one before. */
  readonly begins?: SamplingStep | undefined;
}

export class SamplingSteps {
  readonly all: SamplingStep[];
  #current: SamplingStep;
  /** Steps of which no packet has come. */
  readonly #coming: SamplingStep[] = [];

  /** @param time nanoseconds since the epoch at which every packet is recorded */
  constructor(time: bigint) {
    this.#current = { time, oneIn: 1, packets: 0 };
    this.all = [this.#current];
  }

  add(time: bigint, oneIn: number): void {
    const step = { time, oneIn, packets: 0 };
    this.all.push(step);
    this.#coming.push(step);
  }

  /** Whether the packets that come are sampled. Those from before a change may still come where this is not known yet. */
  get isSampled(): boolean {
    return this.#current.oneIn > 1;
  }

  /** Parts packets by the step to which they belong, and counts them. */
  *part(row: PacketRow): Generator<SteppedRow, void, undefined> {
    let left = row;
    let begins: SamplingStep | undefined;
    for (let [next] = this.#coming; next !== undefined && left.packets > 0; [next] = this.#coming) {
      if (lastTime(left.bytes) < next.time) break;
      const rest = rowFrom(left, next.time);
      const length = left.bytes.length - rest.bytes.length;
      const earlier = { bytes: left.bytes.subarray(0, length), packets: left.packets - rest.packets, begins };
      this.count(earlier);
      yield earlier;
      [left, begins, this.#current] = [rest, next, next];
      this.#coming.shift();
    }
    this.count(left);
    yield { ...left, begins };
  }

  /** Counts packets where no step is to come. */
  count({ packets }: PacketRow): void {
    this.#current.packets += packets;
  }

  /** Steps of which no packet has come, at the end. */
  get coming(): readonly SamplingStep[] {
    return this.#coming;
  }
}
