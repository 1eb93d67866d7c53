/** Takes batches from a source up to the wanted number of packets, and follows steps of the clock on the way. */
import { RingcapError } from "../errors.ts";
import { PACKET_DIRECTION_IN, PACKET_DIRECTION_OUT } from "../generated/layouts.ts";
import type { ClockSteps } from "../host/clock-steps.ts";
import type { DrainStatus } from "../native/native-classes.ts";
import { AlignedBatch } from "../packets/aligned-batch.ts";
import { BlockBatch } from "../packets/block-batch.ts";
import type { CaptureCounters } from "../packets/captured.ts";
import { BATCH_SIZE, type PacketBatch } from "../packets/packet-batch.ts";
import { PcapBatch, type RecordOrigin } from "../packets/pcap-batch.ts";
import type { KernelCounters } from "./kernel-counters.ts";
import type { CaptureSettings } from "./options.ts";
import type { CaptureSource } from "./source.ts";

/** When it is worth while to take the next batch: "now", "soon", as packets have arrived, or "once-woken", as none have. */
export type NextTake = "now" | "soon" | "once-woken";

export interface Taken {
  batch: PacketBatch;
  next: NextTake;
}

const NEXT_TAKE: Readonly<Record<DrainStatus, NextTake>> = {
  drained: "once-woken",
  arriving: "soon",
  "no-room": "now",
  unfinished: "now",
};

/** What of a source it asks. */
export type TakenSource = Pick<
  CaptureSource,
  "layout" | "interfaces" | "setEpochOffset" | "drain" | "takeRecords" | "counters"
>;

type Clock = Pick<ClockSteps, "step" | "accept">;

export class BatchTaker {
  readonly #settings: CaptureSettings;
  readonly #source: TakenSource;
  readonly #clock: Clock;
  /** The origin of all packets where they come from one place. */
  readonly #origin: RecordOrigin | undefined;
  readonly #bytes = new Uint8Array(BATCH_SIZE);
  readonly #words = new Uint32Array(this.#bytes.buffer);
  /** How many packets were handed on. */
  delivered = 0;
  /** How many packets were taken beyond the wanted number, or were taken by nobody. */
  overLimit = 0;

  constructor(settings: CaptureSettings, source: TakenSource, clock: Clock) {
    this.#settings = settings;
    this.#source = source;
    this.#clock = clock;
    this.#origin = originOf(settings, source);
  }

  /** Whether the wanted number was handed on. */
  get isComplete(): boolean {
    return this.delivered >= this.#settings.count;
  }

  take(): Taken {
    const step = this.#clock.step();
    const refused = step !== undefined && !this.#source.setEpochOffset(step);
    if (step !== undefined && !refused) this.#clock.accept(step);
    if (this.#origin === undefined) {
      const { records, status } = this.#source.drain(this.#bytes);
      const wanted = this.#count(records);
      const batch = new AlignedBatch(this.#bytes, this.#words, wanted, this.#settings.process);
      return { batch, next: refused ? "now" : NEXT_TAKE[status] };
    }
    const { bytes, records, status } = this.#source.takeRecords(this.#bytes);
    const { areBlocks } = this.#source.layout;
    const all = areBlocks
      ? new BlockBatch(bytes, records, this.#origin.interfaceIndex)
      : new PcapBatch(bytes, records, this.#origin);
    const batch = all.first(this.#count(records));
    return { batch, next: refused ? "now" : NEXT_TAKE[status] };
  }

  /** What became of every packet, by the kernel's counters and by what was taken. */
  countersWith({ seen, matched, sampledOut, rateLimited, ringFull, copyFailed }: KernelCounters): CaptureCounters {
    const ringDropped = ringFull + copyFailed;
    const { overLimit, delivered } = this;
    return { seen, matched, sampledOut, rateLimited, ringDropped, overLimit, delivered };
  }

  /** Every record that the kernel submitted must have come out of a ring. @throws RingcapError INTERNAL */
  checkCompleteness(): void {
    const { submitted } = this.#source.counters();
    const taken = this.delivered + this.overLimit;
    if (submitted === taken) return;
    const operation = "drain the rings";
    throw new RingcapError(`${operation}: the kernel put ${submitted} packets into them, ${taken} came out`, {
      code: "INTERNAL",
      operation,
      hint: "please report it with the output of `ringcap doctor`",
    });
  }

  /** How many of the taken records are wanted. */
  #count(records: number): number {
    const wanted = Math.min(records, this.#settings.count - this.delivered);
    this.delivered += wanted;
    this.overLimit += records - wanted;
    return wanted;
  }
}

function originOf(settings: CaptureSettings, { layout, interfaces }: TakenSource): RecordOrigin | undefined {
  const [captured] = interfaces;
  if (layout.withOrigin || captured === undefined) return undefined;
  const direction = settings.direction === "out" ? PACKET_DIRECTION_OUT : PACKET_DIRECTION_IN;
  return { interfaceIndex: captured.index, direction, timeUnit: layout.timeUnit };
}
