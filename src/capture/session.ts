/** A capture, read top to bottom: open, load and attach, drain, and at the end detach, drain what is left, close. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { CapturedInterfaces } from "../host/captured-interfaces.ts";
import type { ClockSteps } from "../host/clock-steps.ts";
import { kernelError } from "../host/kernel-error.ts";
import type { Capability } from "../host/process-privileges.ts";
import { ReceiveDrops } from "../host/receive-drops.ts";
import type { Watchdog } from "../native/watchdog.ts";
import type { CaptureCounters, CapturedInterface, SourceDescription } from "../packets/captured.ts";
import type { PacketBatch } from "../packets/packet-batch.ts";
import type { TrafficCounts } from "../packets/traffic-counts.ts";
import { SessionLife } from "../pipeline/session-life.ts";
import type { CapturingSource } from "../pipeline/source.ts";
import { adjustSampling } from "./adjustable-sampling.ts";
import { Alarms, DROPPING_LAPSED } from "./alarms.ts";
import { BatchTaker } from "./batch-taker.ts";
import { Interruption } from "./interruption.ts";
import type { CaptureSettings } from "./options.ts";
import { pauseAfter } from "./pace.ts";
import { SessionCounters } from "./session-counters.ts";
import type { CaptureSource } from "./source.ts";

const INTERFACE_CHECK_MILLISECONDS = 250;

export class CaptureSession implements CapturingSource, AsyncDisposable {
  readonly interfaces: readonly CapturedInterface[];
  /** What is known of the packets before the first one comes. */
  readonly description: SourceDescription;
  /** Whether packets say which process their socket belongs to. */
  readonly withProcess: boolean;
  /** Called with what is worth knowing and is no error. */
  readonly onNote: (note: string) => void;
  /** What the kernel counts of all packets that match, where that was asked for; readable after the end too. */
  readonly counts: TrafficCounts | undefined;
  readonly #settings: CaptureSettings;
  readonly #source: CaptureSource;
  readonly #interruption: Interruption;
  readonly #taker: BatchTaker;
  readonly #drops: ReceiveDrops;
  readonly #counters: SessionCounters;
  readonly #alarms: Alarms;
  readonly #life: SessionLife;
  #removed: Promise<void> = Promise.resolve();

  /** Made by capture(). */
  constructor(settings: CaptureSettings, source: CaptureSource, clock: ClockSteps, interfaces: CapturedInterfaces) {
    this.#settings = settings;
    this.#source = source;
    this.withProcess = settings.process;
    this.onNote = settings.onNote;
    this.interfaces = source.interfaces;
    this.counts = source.counts;
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
    this.#interruption = new Interruption(interfaces, source, () => this.requestStop());
    this.#life = new SessionLife(settings, { stop: () => this.#detach(), close: () => this.#close() });
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
  batches(): AsyncGenerator<PacketBatch, void, undefined> {
    return this.#life.iterate("capture packets", () => this.#drain());
  }

  async *#drain(): AsyncGenerator<PacketBatch, void, undefined> {
    let lastCheck = performance.now();
    while (!this.isStopping) {
      const { batch, next } = this.#taker.take();
      // The stop comes before the reader has the batch, because the reader may take its time.
      if (this.#taker.isComplete) this.requestStop();
      if (batch.count > 0 || this.#settings.needs.pause !== undefined) yield batch;
      if (next === "now") await nextTurn();
      else await this.#alarms.wakeups.sleep(pauseAfter(next, this.#settings));
      if (performance.now() - lastCheck > INTERFACE_CHECK_MILLISECONDS) {
        lastCheck = performance.now();
        if (this.#interruption.failure() !== undefined) this.requestStop();
        this.#source.checkPlaces();
      }
    }
    for (;;) {
      const { batch, next } = this.#taker.take();
      if (batch.count > 0) yield batch;
      if (next === "once-woken") break;
      await nextTurn();
    }
    if (this.#life.failure.error === undefined) this.#taker.checkCompleteness();
  }

  /** Ends the capture at once, however slow the reader is. The iteration then yields what is left in the rings. */
  requestStop(): void {
    this.#life.requestStop();
  }

  #detach(): void {
    this.#alarms.wakeups.wake();
    this.#life.failure.attempt("look at the interfaces", () => {
      const failure = this.#interruption.failure();
      if (failure !== undefined) throw failure;
    });
    this.#life.failure.attempt("detach the capture program", () => this.#source.detach());
    this.#life.failure.attempt("read the counters of the interfaces", () => this.#drops.settle());
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
    const isLeft = this.#life.end();
    await this.#removed.catch(() => {});
    if (!isLeft) return;
    this.#life.failure.throwIfAny();
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
    return this.#life.isStopping;
  }

  /**
   * Records one packet in so many that match from here on, and counts the others as sampledOut.
   *
   * @throws RingcapError USAGE where the capture was not started with adjustableSampling; KERNEL when the kernel refuses
   */
  setSampling(sample: number): void {
    adjustSampling(this.#settings, sample, (checked) => {
      if (!this.isStopping) this.#source.setSampling(checked);
    });
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
    if (this.#life.isClosed) this.#life.failure.throwIfAny();
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

  /** Packets that nobody took count as over the limit. Everything is given back, whatever fails. */
  #close(): void {
    this.#life.failure.attempt("drain the rings", () => {
      this.#taker.overLimit += this.#source.skip();
    });
    this.#life.failure.attempt("read the counters", () => this.#counters.freeze());
    const lapsed = this.#alarms.close();
    this.#interruption.close();
    this.#removed = this.#source.remove().catch((error: unknown) => {
      throw kernelError("close the capture", error);
    });
    // The callers of removed() get the error.
    this.#removed.catch(() => {});
    if (lapsed) this.#life.failure.attempt("tell about the end", () => this.#settings.onNote(DROPPING_LAPSED));
  }
}
