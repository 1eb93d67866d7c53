/** A capture, read top to bottom: open, load and attach, drain, and at the end detach, drain what is left, close. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { onceError, type RingcapError } from "../errors.ts";
import type { CapturedInterfaces } from "../host/captured-interfaces.ts";
import type { ClockSteps } from "../host/clock-steps.ts";
import { kernelError } from "../host/kernel-error.ts";
import type { Capability } from "../host/process-privileges.ts";
import { ReceiveDrops } from "../host/receive-drops.ts";
import type { Watchdog } from "../native/watchdog.ts";
import type { CaptureCounters, CapturedInterface, SourceDescription } from "../packets/captured.ts";
import type { PacketBatch } from "../packets/packet-batch.ts";
import type { CapturingSource } from "../pipeline/source.ts";
import { Alarms, DROPPING_LAPSED } from "./alarms.ts";
import { BatchTaker } from "./batch-taker.ts";
import { FirstFailure } from "./first-failure.ts";
import type { CaptureSettings } from "./options.ts";
import { pauseAfter } from "./pace.ts";
import { SessionCounters } from "./session-counters.ts";
import type { CaptureSource } from "./source.ts";

const INTERFACE_CHECK_MILLISECONDS = 250;

export class CaptureSession implements CapturingSource, AsyncDisposable {
  readonly interfaces: readonly CapturedInterface[];
  readonly description: SourceDescription;
  /** Whether packets say which process their socket belongs to. */
  readonly withProcess: boolean;
  /** Called with what is worth knowing and is no error. */
  readonly onNote: (note: string) => void;
  readonly #settings: CaptureSettings;
  readonly #source: CaptureSource;
  readonly #interfaces: CapturedInterfaces;
  readonly #taker: BatchTaker;
  readonly #drops: ReceiveDrops;
  readonly #counters: SessionCounters;
  readonly #alarms: Alarms;
  readonly #onAbort = () => {
    this.requestStop();
    if (this.#state === "ready") this.#close();
  };
  #state: "ready" | "iterating" | "closed" = "ready";
  #iterated = false;
  #stopping = false;
  readonly #failure = new FirstFailure();
  #removed: Promise<void> = Promise.resolve();

  /** Made by capture(). */
  constructor(settings: CaptureSettings, source: CaptureSource, clock: ClockSteps, interfaces: CapturedInterfaces) {
    this.#settings = settings;
    this.#source = source;
    this.#interfaces = interfaces;
    this.withProcess = settings.process;
    this.onNote = settings.onNote;
    this.interfaces = source.interfaces;
    this.description = {
      origins: source.interfaces,
      snapshotLength: settings.snapshotLength,
      filter: settings.filterText,
      interfaceCounters: () => this.#counters.byInterface(),
    };
    this.#taker = new BatchTaker(settings, source, clock);
    this.#drops = new ReceiveDrops(source.interfaces);
    this.#counters = new SessionCounters(source, this.#taker, this.#drops);
    this.#alarms = new Alarms(source, settings.durationSeconds);
    interfaces.onChange(CaptureSession.#stopperOf(new WeakRef(this)));
    settings.signal?.addEventListener("abort", this.#onAbort, { once: true });
    this.#alarms.ringAfter(settings.durationSeconds, () => this.requestStop());
  }

  /**
   * The packets, oldest first, in batches that are valid until the next one is asked for. Ends after stop(), the wanted
   * count or duration; leaving it early ends the capture, and the last batch stays valid. A slow reader loses nothing
   * until the rings are full, and then the kernel counts what has no room.
   *
   * @throws RingcapError INTERFACE_REMOVED after the last packet, when an interface went away
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<PacketBatch, void, undefined> {
    try {
      yield* this.batches();
    } finally {
      await this.#removed.catch(() => {});
    }
    await this.removed();
  }

  /**
   * Yields the same batches, but ends when the last packet is taken. removed() then tells when nothing is attached any
   * more.
   */
  async *batches(): AsyncGenerator<PacketBatch, void, undefined> {
    if (this.#iterated) throw onceError("iterate over a session");
    this.#iterated = true;
    if (this.#state === "closed") {
      this.#failure.throwIfAny();
      return;
    }
    this.#state = "iterating";
    try {
      let lastCheck = performance.now();
      while (!this.#stopping) {
        const { batch, next } = this.#taker.take();
        // The stop comes before the reader has the batch, because the reader may take its time.
        if (this.#taker.isComplete) this.requestStop();
        if (batch.count > 0) yield batch;
        if (next === "now") await nextTurn();
        else await this.#alarms.wakeups.sleep(pauseAfter(next, this.#settings));
        if (performance.now() - lastCheck > INTERFACE_CHECK_MILLISECONDS) {
          lastCheck = performance.now();
          if (this.#interruption() !== undefined) this.requestStop();
          this.#source.checkPlaces();
        }
      }
      for (;;) {
        const { batch, next } = this.#taker.take();
        if (batch.count > 0) yield batch;
        if (next === "once-woken") break;
        await nextTurn();
      }
      if (this.#failure.error === undefined) this.#taker.checkCompleteness();
    } catch (error) {
      this.#failure.keep("capture packets", error);
    } finally {
      this.#close();
    }
    this.#failure.throwIfAny();
  }

  /** Ends the capture at once, however slow the reader is. The iteration then yields what is left in the rings. */
  requestStop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#alarms.wakeups.wake();
    this.#failure.attempt("look at the interfaces", () => {
      const interruption = this.#interruption();
      if (interruption !== undefined) throw interruption;
    });
    this.#failure.attempt("detach the capture program", () => this.#source.detach());
    this.#failure.attempt("read the counters of the interfaces", () => this.#drops.settle());
  }

  /**
   * Ends the capture at once when an interface goes, whatever the reader does, because a moved interface would hand
   * over packets of another network namespace. The function is made outside of the constructor, so that it holds
   * nothing of what the constructor holds.
   */
  static #stopperOf(self: WeakRef<CaptureSession>): () => void {
    return () => {
      const session = self.deref();
      if (session === undefined) return;
      session.#stopIfInterrupted();
    };
  }

  /** It stops also where the interfaces cannot be looked at. The end then says why. */
  #stopIfInterrupted(): void {
    try {
      if (this.#interruption() === undefined) return;
    } catch {}
    this.requestStop();
  }

  #interruption(): RingcapError | undefined {
    return this.#interfaces.failure(this.#source.missingInterface());
  }

  /**
   * Calls a function that starts a process with the process functions of Node.js. With onlyCommand, packets of what is
   * started before it returns are captured, and of all that descends from it, and no others.
   */
  launch<Started>(start: () => Started): Started {
    return this.#source.launch(start);
  }

  /**
   * Prepares for a process that gives up its privileges: loads everything that needs them later.
   *
   * @returns the capabilities without which the capture cannot go on, or not end in order
   */
  prepareForFewerPrivileges(): Capability[] {
    return this.#source.prepareForFewerPrivileges();
  }

  /**
   * Ends the capture, also from within the iteration, which then yields what is left in the rings. A session that nobody
   * iterates over is closed at once.
   *
   * @throws RingcapError of what failed, where nobody iterates: it is closed all the same
   */
  async stop(): Promise<void> {
    this.requestStop();
    const isLeft = this.#state === "ready";
    if (isLeft) this.#close();
    await this.#removed.catch(() => {});
    if (!isLeft) return;
    this.#failure.throwIfAny();
    await this.removed();
  }

  /**
   * Resolves when nothing of a capture that is over is attached any more: at TC the kernel takes some 15 ms for each
   * interface and direction.
   *
   * @throws RingcapError KERNEL of what failed of it
   */
  async removed(): Promise<void> {
    await this.#removed;
  }

  /** Ends dropping where the event loop cannot. */
  get watchdog(): Watchdog {
    return this.#alarms.watchdog;
  }

  /**
   * Whether the session was asked to stop, or has reached its duration or count. What is left is then taken and handed
   * on.
   */
  get isStopping(): boolean {
    return this.#stopping;
  }

  /** Takes what lies in the rings at once, instead of letting more packets gather. */
  flush(): void {
    this.#alarms.wakeups.wake();
  }

  /**
   * The present counters, or those of the end when the session is over.
   *
   * @throws RingcapError KERNEL when the kernel does not tell them, or did not at the end
   */
  counters(): CaptureCounters {
    if (this.#counters.final !== undefined) return this.#counters.final;
    if (this.#state === "closed") this.#failure.throwIfAny();
    return this.#counters.read();
  }

  /**
   * Packets that interfaces dropped on their way in during the capture, by the interface's index; empty with direction "out", and
   * without those of an interface that went away.
   *
   * @throws RingcapError KERNEL when the kernel does not tell
   */
  interfaceDrops(): ReadonlyMap<number, number> {
    return this.#drops.counts();
  }

  /**
   * How many packets of `ringDropped` were lost because the kernel did not give their bytes, as of the last counters().
   */
  get unreadable(): number {
    return this.#counters.unreadable;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** Closes the session. Packets that nobody took count as over the limit. Everything is given back, whatever fails. */
  #close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#settings.signal?.removeEventListener("abort", this.#onAbort);
    this.requestStop();
    this.#failure.attempt("drain the rings", () => {
      this.#taker.overLimit += this.#source.skip();
    });
    this.#failure.attempt("read the counters", () => this.#counters.freeze());
    const lapsed = this.#alarms.close();
    this.#interfaces.close();
    this.#removed = this.#remove();
    // The callers of removed() get the error.
    this.#removed.catch(() => {});
    if (lapsed) this.#failure.attempt("tell about the end", () => this.#settings.onNote(DROPPING_LAPSED));
  }

  async #remove(): Promise<void> {
    try {
      await this.#source.remove();
    } catch (error) {
      throw kernelError("close the capture", error);
    }
  }
}
