/** A capture, read top to bottom: open, load and attach, drain, and at the end detach, drain what is left, close. */
import { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { kernelError, onceError, RingcapError, usageError } from "../errors.ts";
import { PACKET_DIRECTION_IN, PACKET_DIRECTION_OUT } from "../generated/layouts.ts";
import type { Descriptor } from "../libbpf/descriptor.ts";
import { InterfaceDrops } from "../libbpf/interface-drops.ts";
import { createClockStepWatch, readClocks } from "../libbpf/system.ts";
import { Watchdog } from "../libbpf/watchdog.ts";
import type { TimeStampPrecision } from "../pcap-writer/index.ts";
import { AlignedBatch } from "./aligned-batch.ts";
import type { CaptureCounters, CapturedInterface } from "./captured.ts";
import { CapturedInterfaces } from "./captured-interfaces.ts";
import { ClockSteps } from "./clock-steps.ts";
import { kernelClockShift, readKernelClocks } from "./kernel-clock.ts";
import { openSource } from "./open-source.ts";
import type { CaptureOptions, CaptureSettings } from "./options.ts";
import { BATCH_SIZE, type PacketBatch } from "./packet-batch.ts";
import { PcapBatch, type RecordOrigin } from "./pcap-batch.ts";
import { commonLinkType, pcapChunks } from "./pcap-chunks.ts";
import { type CapturePlan, planCapture } from "./plan.ts";
import type { CaptureSource } from "./source.ts";
import { Wakeups } from "./wakeups.ts";

/** A quiet capture is drained that often: every time costs the event loop some milliseconds of a cold CPU. */
const TICK_MILLISECONDS = 500;
/** Where a number of packets is waited for, as those that follow are captured meanwhile. */
const COUNTED_TICK_MILLISECONDS = 100;
const IMMEDIATE_TICK_MILLISECONDS = 1;
const INTERFACE_CHECK_MILLISECONDS = 250;
const LAPSED =
  "the process stood still for more than 3 s: for that time packets that matched were captured and not dropped";

/**
 * Starts a capture: packets gather in the kernel from here on. Iterate over the session, once, to have them. Only the
 * iteration keeps the process alive: a session that is dropped ends with the process, or with the garbage.
 *
 * ```ts
 * const session = await capture({ interfaces: ["eth0"], filter: { port: "80", tcpFlags: "syn,!ack" } });
 * for await (const batch of session) {
 *   for (const packet of batch) console.log(packet.timestamp, packet.data);
 * }
 * console.log(session.counters());
 * ```
 *
 * @throws RingcapError USAGE, INTERFACE, PRIVILEGE or KERNEL, with nothing left attached; the signal's reason
 */
export async function capture(options: CaptureOptions = {}): Promise<CaptureSession> {
  options.signal?.throwIfAborted();
  return startCapture(planCapture(options));
}

/** @throws as capture() */
export async function startCapture(plan: CapturePlan): Promise<CaptureSession> {
  const { settings } = plan;
  settings.signal?.throwIfAborted();
  const clock = new ClockSteps(settings.hook === "packet" ? readClocks : readKernelClocks);
  const interfaces = new CapturedInterfaces(plan.interfaces.map(({ target }) => target));
  let source: CaptureSource | undefined;
  try {
    source = openSource(plan, clock.epochOffset);
    return new CaptureSession(settings, source, clock, interfaces);
  } catch (error) {
    interfaces.close();
    source?.close();
    throw kernelError("start the capture", error);
  }
}

export class CaptureSession implements AsyncIterable<PacketBatch>, AsyncDisposable {
  readonly interfaces: readonly CapturedInterface[];
  /** Bytes kept of each packet. */
  readonly snapshotLength: number;
  /** Ends dropping where the event loop cannot. */
  readonly watchdog: Watchdog;
  readonly #settings: CaptureSettings;
  readonly #source: CaptureSource;
  readonly #interfaces: CapturedInterfaces;
  readonly #clock: ClockSteps;
  /** Of all packets, where they come from one place. */
  readonly #origin: RecordOrigin | undefined;
  readonly #drops = new InterfaceDrops();
  #finalDrops: ReadonlyMap<number, number> | undefined;
  readonly #clockSteps: Descriptor;
  readonly #wakeups: Wakeups;
  readonly #bytes = new Uint8Array(BATCH_SIZE);
  readonly #words = new Uint32Array(this.#bytes.buffer);
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #onAbort = () => {
    this.requestStop();
    if (this.#state === "ready") this.#close();
  };
  #state: "ready" | "iterating" | "closed" = "ready";
  #iterated = false;
  #unreadable = 0;
  #stopping = false;
  #failure: RingcapError | undefined;
  #delivered = 0;
  #overLimit = 0;
  readonly #limit: number;
  #finalCounters: CaptureCounters | undefined;

  /** Made by capture(). */
  constructor(settings: CaptureSettings, source: CaptureSource, clock: ClockSteps, interfaces: CapturedInterfaces) {
    this.#settings = settings;
    this.#source = source;
    this.#clock = clock;
    this.#interfaces = interfaces;
    this.#limit = settings.count;
    this.snapshotLength = settings.snapshotLength;
    this.interfaces = source.interfaces;
    this.#origin = originOf(settings, source);
    this.#clockSteps = createClockStepWatch();
    try {
      this.#wakeups = new Wakeups([...source.wakeups, this.#clockSteps]);
      interfaces.onChange(CaptureSession.#stopperOf(new WeakRef(this)));
      const { durationSeconds } = settings;
      const lease = source.dropLease;
      this.watchdog = new Watchdog({
        lease,
        durationSeconds,
        clockShift: lease === undefined ? 0n : kernelClockShift(),
      });
    } catch (error) {
      this.#clockSteps.close();
      throw error;
    }
    settings.signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (settings.durationSeconds !== Number.POSITIVE_INFINITY) {
      this.#timer = setTimeout(() => this.requestStop(), settings.durationSeconds * 1000).unref();
    }
  }

  /**
   * The packets, oldest first, in batches that are valid until the next one is asked for. Ends after stop(), the wanted
   * count or duration; leaving it early ends the capture, and the last batch stays valid. A slow reader loses nothing until the rings are full, and
   * then the kernel counts what has no room.
   *
   * @throws RingcapError INTERFACE_REMOVED after the last packet, when an interface went away
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<PacketBatch, void, undefined> {
    if (this.#iterated) throw onceError("iterate over a session");
    this.#iterated = true;
    if (this.#state === "closed") {
      if (this.#failure !== undefined) throw this.#failure;
      return;
    }
    this.#state = "iterating";
    try {
      const tick = Number.isFinite(this.#limit) ? COUNTED_TICK_MILLISECONDS : TICK_MILLISECONDS;
      let lastCheck = performance.now();
      while (!this.#stopping) {
        const { batch, again, later } = this.#take();
        // Before the reader has the batch: it may take its time.
        if (this.#delivered >= this.#limit) this.requestStop();
        if (batch.count > 0) yield batch;
        if (again) await nextTurn();
        else {
          const immediately = later && this.#settings.immediate;
          await this.#wakeups.sleep(immediately ? IMMEDIATE_TICK_MILLISECONDS : tick);
        }
        if (performance.now() - lastCheck > INTERFACE_CHECK_MILLISECONDS) {
          lastCheck = performance.now();
          if (this.#interruption() !== undefined) this.requestStop();
          this.#source.checkPlaces();
        }
      }
      for (;;) {
        const { batch, again, later } = this.#take();
        if (batch.count > 0) yield batch;
        if (!again && !later) break;
        await nextTurn();
      }
      if (this.#failure === undefined) this.#checkCompleteness();
    } catch (error) {
      this.#failure ??= kernelError("capture packets", error);
    } finally {
      this.#close();
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  /**
   * Takes one batch.
   *
   * again: more could not be taken with it, for want of room, or behind a record still being written. later: packets
   * arrived meanwhile.
   */
  #take(): { batch: PacketBatch; again: boolean; later: boolean } {
    const step = this.#clock.step();
    const refused = step !== undefined && !this.#source.setEpochOffset(step);
    if (step !== undefined && !refused) this.#clock.accept(step);
    const left = this.#limit - this.#delivered;
    if (this.#origin === undefined) {
      const { records, full, busy, later } = this.#source.drain(this.#bytes);
      const wanted = this.#count(records, left);
      return {
        batch: new AlignedBatch(this.#bytes, this.#words, wanted, this.#settings.process),
        again: full || busy || refused,
        later,
      };
    }
    const { bytes, records, full, busy, later } = this.#source.takeRecords(this.#bytes);
    const wanted = this.#count(records, left);
    return { batch: new PcapBatch(bytes, records, this.#origin).first(wanted), again: full || busy || refused, later };
  }

  /** How many of the records that were taken are wanted. */
  #count(records: number, left: number): number {
    const wanted = Math.min(records, left);
    this.#delivered += wanted;
    this.#overLimit += records - wanted;
    return wanted;
  }

  /** Every record that the kernel submitted must have come out of a ring. */
  #checkCompleteness(): void {
    const { submitted } = this.#source.counters();
    const taken = this.#delivered + this.#overLimit;
    if (submitted === taken) return;
    const operation = "drain the rings";
    throw new RingcapError(`${operation}: the kernel put ${submitted} packets into them, ${taken} came out`, {
      code: "INTERNAL",
      operation,
      hint: "please report it with the output of `ringcap doctor`",
    });
  }

  /** Ends the capture at once, however slow the reader is; the iteration then yields what is left in the rings. */
  requestStop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#wakeups.wake();
    this.#attempt("look at the interfaces", () => {
      const interruption = this.#interruption();
      if (interruption !== undefined) throw interruption;
    });
    this.#attempt("detach the capture program", () => this.#source.detach());
    this.#attempt("read the counters of the interfaces", () => {
      this.#finalDrops = this.#readDrops();
    });
  }

  /**
   * Ends the capture at once when an interface goes, whatever the reader does: one that was moved hands over packets of
   * another network namespace. A function made in the constructor would hold all that its neighbours there hold.
   */
  static #stopperOf(self: WeakRef<CaptureSession>): () => void {
    return () => {
      const session = self.deref();
      if (session === undefined) return;
      session.#stopIfInterrupted();
    };
  }

  /** Also where it cannot be told: the end says why. */
  #stopIfInterrupted(): void {
    try {
      if (this.#interruption() === undefined) return;
    } catch {}
    this.requestStop();
  }

  #interruption(): RingcapError | undefined {
    return this.#interfaces.failure(this.#source.missingInterface());
  }

  /** The end goes on whatever fails of it; the iteration throws the first failure after the last packet. */
  #attempt(operation: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#failure ??= kernelError(operation, error);
    }
  }

  /**
   * Ends the capture, also from within the iteration, which then yields what is left in the rings. A session that nobody
   * iterates over is closed at once.
   *
   * @throws RingcapError of what failed, where nobody iterates: it is closed all the same
   */
  async stop(): Promise<void> {
    this.requestStop();
    if (this.#state !== "ready") return;
    this.#close();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Takes at once what lies in the rings, instead of letting more packets gather. */
  flush(): void {
    this.#wakeups.wake();
  }

  /**
   * The counters of now, or of the end when the session is over.
   *
   * @throws RingcapError KERNEL when the kernel does not tell them, or did not at the end
   */
  counters(): CaptureCounters {
    if (this.#finalCounters !== undefined) return this.#finalCounters;
    if (this.#state === "closed" && this.#failure !== undefined) throw this.#failure;
    return this.#readCounters();
  }

  /**
   * Packets that interfaces dropped on their way in during the capture, by the interface's index; empty with direction "out", and
   * without those of an interface that went away.
   *
   * @throws RingcapError KERNEL when the kernel does not tell
   */
  interfaceDrops(): ReadonlyMap<number, number> {
    if (this.#finalDrops !== undefined) return this.#finalDrops;
    try {
      return this.#readDrops();
    } catch (error) {
      throw kernelError("read the counters of the interfaces", error);
    }
  }

  #readDrops(): ReadonlyMap<number, number> {
    const counts = this.#drops.counts();
    const receiving = this.interfaces.filter(({ direction }) => direction !== "out");
    return new Map(receiving.map(({ index }) => [index, counts.get(index)?.received ?? 0]));
  }

  /** Packets of `ringDropped` that are no matter of the rings: the kernel did not give their bytes. As counters() found. */
  get unreadable(): number {
    return this.#unreadable;
  }

  #readCounters(): CaptureCounters {
    const { seen, matched, ringFull, copyFailed } = this.#source.counters();
    this.#unreadable = copyFailed;
    return {
      seen,
      matched,
      sampledOut: 0,
      rateLimited: 0,
      ringDropped: ringFull + copyFailed,
      overLimit: this.#overLimit,
      delivered: this.#delivered,
    };
  }

  /**
   * The capture as the bytes of a pcap file. Instead of iterating, not besides it. Destroying the stream ends the capture.
   *
   * @throws RingcapError USAGE when the interfaces have different link types, or processes were asked for
   */
  toPcapStream(precision: TimeStampPrecision = "micro"): Readable {
    if (this.#settings.process) {
      throw usageError("--process", "a pcap file has no place for processes", "iterate over the session");
    }
    const { linkType } = commonLinkType(this);
    const stream = Readable.from(pcapChunks(this, linkType, precision), { objectMode: false });
    return stream.once("close", () => void this.stop());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** What nobody took any more counts as over the limit. Whatever fails of it, everything is given back. */
  #close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    clearTimeout(this.#timer);
    this.#settings.signal?.removeEventListener("abort", this.#onAbort);
    this.requestStop();
    this.#attempt("drain the rings", () => {
      this.#overLimit += this.#source.skip();
    });
    this.#attempt("read the counters", () => {
      this.#finalCounters = this.#readCounters();
    });
    if (this.watchdog.hasLapsed()) this.#settings.onNote(LAPSED);
    this.watchdog.close();
    this.#wakeups.close();
    this.#clockSteps.close();
    this.#interfaces.close();
    this.#attempt("close the capture", () => this.#source.close());
  }
}

function originOf(settings: CaptureSettings, { layout, interfaces }: CaptureSource): RecordOrigin | undefined {
  const [captured] = interfaces;
  if (layout.withOrigin || captured === undefined) return undefined;
  const direction = settings.direction === "out" ? PACKET_DIRECTION_OUT : PACKET_DIRECTION_IN;
  return { interfaceIndex: captured.index, direction, timeUnit: layout.timeUnit };
}
