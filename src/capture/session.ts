/** A capture, read top to bottom: open, load and attach, drain, and at the end detach, drain what is left, close. */
import { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { kernelError, RingcapError } from "../errors.ts";
import type { Descriptor } from "../libbpf/descriptor.ts";
import { PacketDrain } from "../libbpf/packet-drain.ts";
import { createClockStepWatch, readClocks } from "../libbpf/system.ts";
import type { TimeStampPrecision } from "../pcap-writer/index.ts";
import { EpochClock } from "./epoch-clock.ts";
import type { Hook } from "./hooks.ts";
import { findInterfaces } from "./interfaces.ts";
import type { LinkType } from "./link-types.ts";
import { OpenCapture } from "./open-capture.ts";
import { type CaptureOptions, type CaptureSettings, checkOptions, type Direction } from "./options.ts";
import { BATCH_SIZE, PacketBatch } from "./packet-batch.ts";
import { pcapChunks } from "./pcap-chunks.ts";
import { Wakeups } from "./wakeups.ts";

/** Packets. When the session is over, matched = sampledOut + rateLimited + ringDropped + overLimit + delivered. */
export interface CaptureCounters {
  /** Met the program. */
  seen: number;
  /** Passed the filter. */
  matched: number;
  sampledOut: number;
  rateLimited: number;
  /** Matched, but the ring had no room, or the kernel did not give the bytes. */
  ringDropped: number;
  /** Matched after the wanted count was reached. */
  overLimit: number;
  /** Handed to whoever iterates over the session. */
  delivered: number;
}

export interface CapturedInterface {
  name: string;
  index: number;
  hook: Hook;
  direction: Direction;
  link: LinkType;
}

/** A quiet capture is drained that often. */
const TICK_MILLISECONDS = 100;
const IMMEDIATE_TICK_MILLISECONDS = 1;
const INTERFACE_CHECK_MILLISECONDS = 250;

/**
 * Starts a capture: packets gather in the kernel from here on. Iterate over the session, once, to have them.
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
  const settings = checkOptions(options);
  settings.signal?.throwIfAborted();
  const open = new OpenCapture(settings, findInterfaces(settings.interfaces));
  try {
    return new CaptureSession(settings, open);
  } catch (error) {
    open.close();
    throw kernelError("start the capture", error);
  }
}

export class CaptureSession implements AsyncIterable<PacketBatch>, AsyncDisposable {
  readonly interfaces: readonly CapturedInterface[];
  /** Bytes kept of each packet. */
  readonly snapshotLength: number;
  readonly #settings: CaptureSettings;
  readonly #open: OpenCapture;
  readonly #drain: PacketDrain;
  readonly #clockSteps: Descriptor;
  readonly #wakeups: Wakeups;
  readonly #clock = new EpochClock(readClocks);
  readonly #bytes = new Uint8Array(BATCH_SIZE);
  readonly #words = new Uint32Array(this.#bytes.buffer);
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #onAbort = () => this.requestStop();
  #state: "ready" | "iterating" | "closed" = "ready";
  #stopping = false;
  #failure: RingcapError | undefined;
  #delivered = 0;
  #overLimit = 0;
  #finalCounters: CaptureCounters | undefined;
  #resolveClosed: () => void = () => {};
  readonly #closed = new Promise<void>((resolve) => {
    this.#resolveClosed = resolve;
  });

  /** Made by capture(). */
  constructor(settings: CaptureSettings, open: OpenCapture) {
    this.#settings = settings;
    this.#open = open;
    this.snapshotLength = settings.snapshotLength;
    this.interfaces = [...open.attachments].map(([{ name, index, link }, { hook }]) => {
      return { name, index, link, hook, direction: settings.direction };
    });
    const rings = [...open.rings.values()];
    this.#drain = new PacketDrain(rings);
    this.#clockSteps = createClockStepWatch();
    this.#wakeups = new Wakeups([...rings.map((ring) => ring.descriptor), this.#clockSteps]);
    settings.signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (settings.durationSeconds !== Number.POSITIVE_INFINITY) {
      this.#timer = setTimeout(() => this.requestStop(), settings.durationSeconds * 1000);
    }
  }

  /**
   * The packets, oldest first, in batches that are valid until the next one is asked for. Ends after stop(), the wanted
   * count or duration; leaving it early ends the capture. A slow reader loses nothing until the rings are full, and
   * then the kernel counts what has no room.
   *
   * @throws RingcapError INTERFACE_REMOVED after the last packet, when an interface went away
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<PacketBatch, void, undefined> {
    if (this.#state !== "ready") throw new Error("a capture session can be iterated over once");
    this.#state = "iterating";
    try {
      let lastCheck = performance.now();
      while (!this.#stopping) {
        const { batch, full, later } = this.#take();
        if (batch.count > 0) yield batch;
        if (this.#delivered >= this.#settings.count) break;
        if (full) await nextTurn();
        else {
          const immediately = later && this.#settings.immediate;
          await this.#wakeups.sleep(immediately ? IMMEDIATE_TICK_MILLISECONDS : TICK_MILLISECONDS);
        }
        if (performance.now() - lastCheck > INTERFACE_CHECK_MILLISECONDS) {
          lastCheck = performance.now();
          if (this.#open.missingInterface() !== undefined) break;
        }
      }
      this.requestStop();
      for (;;) {
        const { batch, full, later } = this.#take();
        if (batch.count > 0) yield batch;
        if (!full && !later) break;
        await nextTurn();
      }
      if (this.#failure !== undefined) throw this.#failure;
      this.#checkCompleteness();
    } finally {
      this.#close();
    }
  }

  /** Takes one batch; full: there is more to take at once. */
  #take(): { batch: PacketBatch; full: boolean; later: boolean } {
    const window = this.#clock.window();
    const { records, full, busy, later } = this.#drain.drain(this.#bytes, window.until, window.epochOffset);
    if (window.beforeStep && !full && !busy) this.#clock.passStep();
    const wanted = Math.min(records, this.#settings.count - this.#delivered);
    this.#delivered += wanted;
    this.#overLimit += records - wanted;
    return {
      batch: new PacketBatch(this.#bytes, this.#words, wanted),
      full: full || busy || window.beforeStep,
      later,
    };
  }

  /** Every record that the kernel submitted must have come out of a ring. */
  #checkCompleteness(): void {
    const { submitted } = this.#open.counters();
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
    try {
      this.#failure = this.#interfaceFailure();
      this.#open.detach();
    } catch (error) {
      this.#failure ??= kernelError("detach the capture program", error);
    }
  }

  #interfaceFailure(): RingcapError | undefined {
    const missing = this.#open.missingInterface();
    if (missing === undefined) return undefined;
    const operation = `capture from ${missing}`;
    return new RingcapError(`${operation}: the interface went away`, { code: "INTERFACE_REMOVED", operation });
  }

  /** Ends the session; resolves when the iteration is over and everything is closed. */
  async stop(): Promise<void> {
    this.requestStop();
    if (this.#state === "ready") this.#close();
    await this.#closed;
  }

  /** The counters of now, or of the end when the session is over. */
  counters(): CaptureCounters {
    if (this.#finalCounters !== undefined) return this.#finalCounters;
    const { seen, matched, ringFull, copyFailed } = this.#open.counters();
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
   * The capture as the bytes of a pcap file. Instead of iterating, not besides it.
   *
   * @throws RingcapError USAGE when the interfaces have different link types
   */
  toPcapStream(precision: TimeStampPrecision = "micro"): Readable {
    return Readable.from(pcapChunks(this, precision), { objectMode: false });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    clearTimeout(this.#timer);
    this.#settings.signal?.removeEventListener("abort", this.#onAbort);
    try {
      this.#open.detach();
      this.#finalCounters = this.counters();
    } finally {
      this.#wakeups.close();
      this.#clockSteps.close();
      this.#drain.close();
      this.#open.close();
      this.#resolveClosed();
    }
  }
}
