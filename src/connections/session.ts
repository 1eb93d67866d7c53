/** Following connections, read top to bottom: load and attach, drain, and at the end detach, drain what is left, close. */
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import { kernelError } from "../host/kernel-error.ts";
import type { Descriptor } from "../native/descriptor.ts";
import { createClockStepWatch } from "../native/system.ts";
import { Wakeups } from "../native/wakeups.ts";
import { SessionLife } from "../pipeline/session-life.ts";
import type { ConnectionEvent } from "./connection-event.ts";
import type { ConnectionCounters } from "./counters.ts";
import { EventTaker } from "./event-taker.ts";
import { type ConnectionsOptions, type ConnectionsSettings, checkConnectionsOptions } from "./options.ts";
import { ConnectionPrograms, type TracepointKind } from "./programs.ts";

/** Milliseconds after which the ring is drained. */
const TICK_MILLISECONDS = 100;
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

/**
 * A session that follows connections, made by connections(). It is iterated over once, and holds programs in the kernel
 * until it ends.
 */
export class ConnectionsSession implements AsyncIterable<ConnectionEvent>, AsyncDisposable {
  /** How the kernel's program is attached: with the types of its BTF, or without. */
  readonly tracepoint: TracepointKind;
  readonly #programs: ConnectionPrograms;
  readonly #taker: EventTaker;
  readonly #clockSteps: Descriptor;
  readonly #wakeups: Wakeups;
  readonly #life: SessionLife;
  #detachedForSure = true;
  #nextLook = performance.now() + LOOK_MILLISECONDS;
  #finalCounters: ConnectionCounters | undefined;

  /** Made by connections(). */
  constructor(settings: ConnectionsSettings, kinds?: readonly TracepointKind[]) {
    this.#programs = ConnectionPrograms.start(settings, kinds);
    this.tracepoint = this.#programs.tracepoint;
    try {
      this.#taker = new EventTaker(settings, this.#programs);
      this.#clockSteps = createClockStepWatch();
      this.#wakeups = new Wakeups([this.#programs.ring.descriptor, this.#clockSteps]);
    } catch (error) {
      this.#programs.close();
      throw kernelError("follow connections", error);
    }
    this.#life = new SessionLife(settings, { stop: () => this.#detach(), close: () => this.#close() });
  }

  /** The events, in the order of their time. Ends after stop(), the wanted count or duration; leaving it early ends the session. */
  async *[Symbol.asyncIterator](): AsyncGenerator<ConnectionEvent, void, undefined> {
    for await (const batch of this.batches()) {
      let next = 0;
      try {
        while (next < batch.length) yield batch[next++] as ConnectionEvent;
      } finally {
        this.#taker.giveBack(batch.slice(next));
      }
    }
  }

  /**
   * The events as they come together. A slow reader loses nothing until the ring is full, and then the kernel counts
   * what has no room.
   */
  batches(): AsyncGenerator<ConnectionEvent[], void, undefined> {
    return this.#life.iterate("follow connections", () => this.#drain());
  }

  async *#drain(): AsyncGenerator<ConnectionEvent[], void, undefined> {
    while (!this.#life.isStopping) {
      const { events, again } = this.#taker.take();
      // The stop comes before the reader has the events, because the reader may take its time.
      if (this.#taker.isComplete) this.requestStop();
      if (events.length > 0) yield events;
      if (!this.#life.isStopping && performance.now() >= this.#nextLook) this.#lookForMissed();
      if (again) await nextTurn();
      else await this.#wakeups.sleep(TICK_MILLISECONDS);
    }
    if (!this.#detachedForSure) await pause(GRACE_MILLISECONDS);
    for (let again = true; again; ) {
      const taken = this.#taker.take();
      if (taken.events.length > 0) yield taken.events;
      again = taken.again;
    }
    if (this.#life.failure.error === undefined) this.#taker.checkCompleteness();
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

  /** Ends the session at once, however slow the reader is; the iteration then yields what is left in the ring. */
  requestStop(): void {
    this.#life.requestStop();
  }

  #detach(): void {
    this.#wakeups.wake();
    this.#life.failure.attempt("detach the connections program", () => {
      this.#detachedForSure = this.#programs.detach();
    });
  }

  /**
   * Ends the session, also from within the iteration, which then yields what is left in the ring. A session that nobody
   * iterates over is closed at once.
   *
   * @throws RingcapError of what failed, where nobody iterates: it is closed all the same
   */
  async stop(): Promise<void> {
    if (this.#life.end()) this.#life.failure.throwIfAny();
  }

  /**
   * The present counters, or those of the end when the session is over.
   *
   * @throws RingcapError KERNEL when the kernel does not tell them, or did not at the end
   */
  counters(): ConnectionCounters {
    if (this.#finalCounters !== undefined) return this.#finalCounters;
    if (this.#life.isClosed) this.#life.failure.throwIfAny();
    return this.#taker.counters();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** Events that nobody took count as over the limit. Everything is given back, whatever fails. */
  #close(): void {
    this.#life.failure.attempt("drain the ring", () => this.#taker.skip());
    this.#life.failure.attempt("read the counters", () => {
      this.#finalCounters = this.#taker.counters();
    });
    this.#wakeups.close();
    this.#clockSteps.close();
    this.#taker.close();
    this.#programs.close();
  }
}
