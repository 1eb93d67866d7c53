/** Takes events out of the ring up to the wanted number, and follows steps of the clock on the way. */
import { RingcapError } from "../errors.ts";
import { RECORD_PROCESS } from "../generated/layouts.ts";
import { EpochClock } from "../host/epoch-clock.ts";
import { readKernelClocks } from "../host/kernel-clock.ts";
import { RecordDrain } from "../native/record-drain.ts";
import type { ConnectionEvent } from "./connection-event.ts";
import type { ConnectionCounters } from "./counters.ts";
import type { ConnectionsSettings } from "./options.ts";
import { KnownProcesses } from "./process-details.ts";
import type { ConnectionPrograms } from "./programs.ts";
import { readConnectionEvent, readOwner, readProcessRecord, readRecordKind, readStamp } from "./record-reader.ts";

/** Bytes taken at once. */
const DRAIN_SIZE = 1 << 18;

export interface TakenEvents {
  events: ConnectionEvent[];
  /** Whether more can be taken at once. */
  again: boolean;
}

export class EventTaker {
  readonly #programs: ConnectionPrograms;
  readonly #drain: RecordDrain;
  readonly #clock = new EpochClock(readKernelClocks);
  readonly #processes: KnownProcesses | undefined;
  #limit: number;
  #taken = 0;
  #delivered = 0;
  #told = 0;
  #overLimit = 0;

  /** @throws a system failure */
  constructor({ count, details }: ConnectionsSettings, programs: ConnectionPrograms) {
    this.#programs = programs;
    this.#drain = new RecordDrain(programs.ring, DRAIN_SIZE);
    this.#processes = details ? new KnownProcesses() : undefined;
    this.#limit = count;
  }

  /** Whether the wanted number was handed on. */
  get isComplete(): boolean {
    return this.#delivered >= this.#limit;
  }

  take(): TakenEvents {
    const events: ConnectionEvent[] = [];
    const { until, epochOffset, beforeStep } = this.#clock.window();
    let offset = epochOffset;
    const again = this.#drain.drain((view, at) => {
      this.#taken++;
      if (readRecordKind(view, at) === RECORD_PROCESS) {
        this.#processes?.add(readProcessRecord(view, at));
        return;
      }
      if (beforeStep && readStamp(view, at) > until) {
        this.#clock.passStep();
        offset = this.#clock.window().epochOffset;
      }
      const event = readConnectionEvent(view, at, offset);
      const isClose = event.type === "close";
      if (this.isComplete) {
        if (isClose) this.#overLimit++;
        return;
      }
      if (this.#processes !== undefined) event.process = this.#processes.detailsOf(readOwner(view, at));
      this.#delivered++;
      if (isClose) this.#told++;
      events.push(event);
    });
    if (beforeStep && offset === epochOffset && !again) this.#clock.passStep();
    return { events, again };
  }

  /** Counts everything that is left as over the limit. */
  skip(): void {
    this.#limit = this.#delivered;
    while (this.take().again);
  }

  /** Counts events that were handed on, and that nobody took, as over the limit. */
  giveBack(events: readonly ConnectionEvent[]): void {
    const closes = events.filter(({ type }) => type === "close").length;
    this.#told -= closes;
    this.#overLimit += closes;
  }

  /** @throws RingcapError KERNEL when the kernel does not tell them */
  counters(): ConnectionCounters {
    const { opened, closed, lostCloses, lostEvents, inserted, deleted, notInserted, missed } =
      this.#programs.counters();
    const open = this.#programs.countRemembered();
    return {
      opened,
      closed,
      told: this.#told,
      lost: lostCloses,
      overLimit: this.#overLimit,
      lostEvents,
      evicted: notInserted + Math.max(0, inserted - deleted - open),
      missed,
      open,
    };
  }

  /** Every record that the kernel submitted must have come out of the ring. @throws RingcapError INTERNAL */
  checkCompleteness(): void {
    const { submitted } = this.#programs.counters();
    if (submitted === this.#taken) return;
    const operation = "drain the ring";
    throw new RingcapError(`${operation}: the kernel put ${submitted} records into it, ${this.#taken} came out`, {
      code: "INTERNAL",
      operation,
      hint: "please report it with the output of `ringcap doctor`",
    });
  }

  close(): void {
    this.#drain.close();
  }
}
