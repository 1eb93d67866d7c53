/** Following connections, read top to bottom: load and attach, drain, and at the end detach, drain what is left, close. */
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import { onceError, RingcapError } from "../errors.ts";
import { RECORD_PROCESS } from "../generated/layouts.ts";
import { EpochClock } from "../host/epoch-clock.ts";
import { readKernelClocks } from "../host/kernel-clock.ts";
import { kernelError } from "../host/kernel-error.ts";
import type { Descriptor } from "../native/descriptor.ts";
import { RecordDrain } from "../native/record-drain.ts";
import { createClockStepWatch } from "../native/system.ts";
import { Wakeups } from "../native/wakeups.ts";
import type { ConnectionEvent } from "./connection-event.ts";
import type { ConnectionCounters } from "./counters.ts";
import { type ConnectionsOptions, type ConnectionsSettings, checkConnectionsOptions } from "./options.ts";
import { KnownProcesses } from "./process-details.ts";
import { ConnectionPrograms, type TracepointKind } from "./programs.ts";
import { readConnectionEvent, readOwner, readProcessRecord, readRecordKind, readStamp } from "./record-reader.ts";

/** Milliseconds after which the ring is drained. */
const TICK_MILLISECONDS = 100;
/** Bytes taken at once. */
const DRAIN_SIZE = 1 << 18;
/**
 * Milliseconds to wait for the last program where the kernel cannot say when it has ended. Programs take microseconds.
 */
const GRACE_MILLISECONDS = 50;

/**
 * Milliseconds after which ends are looked for that no program saw. The time grows where the looking would take more
 * than a hundredth of it.
 */
const LOOK_MILLISECONDS = 10_000;
const LOOK_SHARE = 0.01;

/**
 * Follows the TCP connections of this host from here on. Iterate over the session, once, to have them.
 *
 * ```ts
 * for await (const connection of connections({ port: "443", duration: 60 })) {
 *   console.log(connection.comm, connection.remoteAddress, connection.durationNs, connection.reason);
 * }
 * ```
 *
 * @throws RingcapError USAGE, PRIVILEGE or KERNEL, with nothing left attached; the signal's reason
 */
export function connections(options: ConnectionsOptions = {}): ConnectionsSession {
  const settings = checkConnectionsOptions(options);
  settings.signal?.throwIfAborted();
  return new ConnectionsSession(settings);
}

export class ConnectionsSession implements AsyncIterable<ConnectionEvent>, AsyncDisposable {
  /** How the kernel's program is attached: with the types of its BTF, or without. */
  readonly tracepoint: TracepointKind;
  readonly #settings: ConnectionsSettings;
  readonly #programs: ConnectionPrograms;
  readonly #drain: RecordDrain;
  readonly #clockSteps: Descriptor;
  readonly #wakeups: Wakeups;
  readonly #clock = new EpochClock(readKernelClocks);
  readonly #processes: KnownProcesses | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #onAbort = () => this.requestStop();
  #iterated = false;
  #closed = false;
  #stopping = false;
  #detachedForSure = true;
  #failure: RingcapError | undefined;
  #nextLook = performance.now() + LOOK_MILLISECONDS;
  #taken = 0;
  #delivered = 0;
  #told = 0;
  #overLimit = 0;
  #limit: number;
  #finalCounters: ConnectionCounters | undefined;

  /** Made by connections(). */
  constructor(settings: ConnectionsSettings, kinds?: readonly TracepointKind[]) {
    this.#settings = settings;
    this.#limit = settings.count;
    this.#processes = settings.details ? new KnownProcesses() : undefined;
    this.#programs = ConnectionPrograms.start(settings, kinds);
    this.tracepoint = this.#programs.tracepoint;
    try {
      this.#drain = new RecordDrain(this.#programs.ring, DRAIN_SIZE);
      this.#clockSteps = createClockStepWatch();
      this.#wakeups = new Wakeups([this.#programs.ring.descriptor, this.#clockSteps]);
    } catch (error) {
      this.#programs.close();
      throw kernelError("follow connections", error);
    }
    settings.signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (settings.durationSeconds !== Number.POSITIVE_INFINITY) {
      this.#timer = setTimeout(() => this.requestStop(), settings.durationSeconds * 1000).unref();
    }
  }

  /** The events, in the order of their time. Ends after stop(), the wanted count or duration; leaving it early ends the session. */
  async *[Symbol.asyncIterator](): AsyncGenerator<ConnectionEvent, void, undefined> {
    for await (const batch of this.batches()) {
      let next = 0;
      try {
        while (next < batch.length) yield batch[next++] as ConnectionEvent;
      } finally {
        const left = batch.slice(next).filter(({ type }) => type === "close").length;
        this.#told -= left;
        this.#overLimit += left;
      }
    }
  }

  /**
   * The events as they come together. A slow reader loses nothing until the ring is full, and then the kernel counts
   * what has no room.
   */
  async *batches(): AsyncGenerator<ConnectionEvent[], void, undefined> {
    if (this.#iterated) throw onceError("iterate over a session");
    this.#iterated = true;
    if (this.#closed) {
      if (this.#failure !== undefined) throw this.#failure;
      return;
    }
    try {
      while (!this.#stopping) {
        const { events, again } = this.#take();
        if (events.length > 0) yield events;
        if (!this.#stopping && performance.now() >= this.#nextLook) this.#lookForMissed();
        if (again) await nextTurn();
        else await this.#wakeups.sleep(TICK_MILLISECONDS);
      }
      if (!this.#detachedForSure) await pause(GRACE_MILLISECONDS);
      for (let again = true; again; ) {
        const taken = this.#take();
        if (taken.events.length > 0) yield taken.events;
        again = taken.again;
      }
      if (this.#failure === undefined) this.#checkCompleteness();
    } catch (error) {
      this.#failure ??= kernelError("follow connections", error);
    } finally {
      this.#close();
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  #take(): { events: ConnectionEvent[]; again: boolean } {
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
      if (this.#delivered >= this.#limit) {
        if (isClose) this.#overLimit++;
        return;
      }
      if (this.#processes !== undefined) event.process = this.#processes.detailsOf(readOwner(view, at));
      this.#delivered++;
      if (isClose) this.#told++;
      events.push(event);
    });
    if (beforeStep && offset === epochOffset && !again) this.#clock.passStep();
    if (this.#delivered >= this.#limit) this.requestStop();
    return { events, again };
  }

  #lookForMissed(): void {
    const begun = performance.now();
    try {
      this.#programs.findMissed();
    } catch (error) {
      throw kernelError("look for connections that ended unseen", error);
    }
    const ended = performance.now();
    this.#nextLook = ended + Math.max(LOOK_MILLISECONDS, (ended - begun) / LOOK_SHARE);
  }

  /** Every record that the kernel submitted must have come out of the ring. */
  #checkCompleteness(): void {
    const { submitted } = this.#programs.counters();
    if (submitted === this.#taken) return;
    const operation = "drain the ring";
    throw new RingcapError(`${operation}: the kernel put ${submitted} records into it, ${this.#taken} came out`, {
      code: "INTERNAL",
      operation,
      hint: "please report it with the output of `ringcap doctor`",
    });
  }

  /** Ends the session at once, however slow the reader is; the iteration then yields what is left in the ring. */
  requestStop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#wakeups.wake();
    this.#attempt("detach the connections program", () => {
      this.#detachedForSure = this.#programs.detach();
    });
  }

  /** The end goes on whatever fails in it. The iteration throws the first failure after the last event. */
  #attempt(operation: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#failure ??= kernelError(operation, error);
    }
  }

  /**
   * Ends the session, also from within the iteration, which then yields what is left in the ring.
   *
   * @throws RingcapError of what failed, where nobody iterates: it is closed all the same
   */
  async stop(): Promise<void> {
    this.requestStop();
    if (this.#iterated) return;
    this.#close();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /**
   * The present counters, or those of the end when the session is over.
   *
   * @throws RingcapError KERNEL when the kernel does not tell them, or did not at the end
   */
  counters(): ConnectionCounters {
    if (this.#finalCounters !== undefined) return this.#finalCounters;
    if (this.#closed && this.#failure !== undefined) throw this.#failure;
    return this.#readCounters();
  }

  #readCounters(): ConnectionCounters {
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

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** Closes the session. Events that nobody took count as over the limit. Everything is given back, whatever fails. */
  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#settings.signal?.removeEventListener("abort", this.#onAbort);
    this.requestStop();
    this.#limit = this.#delivered;
    this.#attempt("drain the ring", () => {
      while (this.#take().again);
    });
    this.#attempt("read the counters", () => {
      this.#finalCounters = this.#readCounters();
    });
    this.#wakeups.close();
    this.#clockSteps.close();
    this.#drain.close();
    this.#programs.close();
  }
}
