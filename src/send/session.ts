/** Sending a capture file, read top to bottom: check, open, read batch after batch, hand each to an engine, count. */
import { onceError } from "../errors.ts";
import { neededForOpenDescriptors } from "../host/kernel-features.ts";
import type { Capability } from "../host/process-privileges.ts";
import { InterfaceDrops } from "../native/interface-drops.ts";
import type { EngineCounters, SendEngine } from "./engine.ts";
import { LIVE_FRAMES_HINT, liveFramesRefused, noLiveFrames } from "./failures.ts";
import { type FrameBatch, FrameSource } from "./frame-source.ts";
import { findSendInterface, type SendInterface, takesLinkType } from "./interface.ts";
import { LiveEngine } from "./live-engine.ts";
import { openEngine } from "./open-engine.ts";
import { checkSendOptions, type SendOptions, type SendSettings } from "./options.ts";
import { addCounters, type SendReport, sendReport } from "./report.ts";
import { Schedule } from "./schedule.ts";
import { SocketEngine } from "./socket-engine.ts";

/**
 * Opens a capture file to send its frames through an interface.
 *
 * ```ts
 * const session = await send("syn.pcap", { interface: "eth1", topspeed: true, loop: 1000 });
 * await session.run();
 * console.log(session.report());
 * ```
 *
 * @param file pcap or pcapng, plain or in gzip; "-" is stdin
 * @throws RingcapError USAGE, INTERFACE, INPUT, PRIVILEGE, KERNEL; the signal's reason
 */
export async function send(file: string, options: SendOptions): Promise<SendSession> {
  const settings = checkSendOptions(options);
  settings.signal?.throwIfAborted();
  const target = findSendInterface(settings.interface, settings.allowDefaultRoute);
  const { pace, loop } = settings;
  const limits = {
    takesLinkType: (linkType: number) => takesLinkType(target, linkType),
    interface: `${target.name}, link-type ${target.link.name} (${target.link.description}),`,
  };
  const schedule = pace.kind === "topspeed" ? undefined : new Schedule(pace, settings.onNote);
  const source = new FrameSource(file, limits, schedule);
  try {
    await source.open();
    const engine = openEngine(source, target, settings);
    // Live frames lie in the kernel's memory. Where the interface refuses them, a packet socket sends the next passes, and
    // the user may be unable to read the file by then.
    if (loop > 1 && (settings.engine !== "xdp" || source.isPipe)) source.keepFrames();
    return new SendSession(source, target, settings, engine, schedule);
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** A file that is sent, made by send(). run() sends it, once. */
export class SendSession implements AsyncDisposable {
  /** The name of the file as it was given; "standard input" for "-". */
  readonly file: string;
  /** The interface that the frames leave through, with the number of its link type. */
  readonly interface: { readonly name: string; readonly linkType: number };
  readonly #source: FrameSource;
  readonly #target: SendInterface;
  readonly #settings: SendSettings;
  readonly #schedule: Schedule | undefined;
  readonly #drops = new InterfaceDrops();
  #engine: SendEngine;
  /** The engines that sent before the present one. */
  readonly #former: SendEngine[] = [];
  #offered = 0;
  #begun: number | undefined;
  #stopped = false;
  #report: SendReport | undefined;

  /** Made by send(). */
  constructor(
    source: FrameSource,
    target: SendInterface,
    settings: SendSettings,
    engine: SendEngine,
    schedule: Schedule | undefined,
  ) {
    this.#schedule = schedule;
    this.file = source.name;
    this.interface = { name: target.name, linkType: target.link.linkType };
    this.#source = source;
    this.#target = target;
    this.#settings = settings;
    this.#engine = engine;
  }

  /** What sends: live frames of XDP, or a packet socket. It changes where the interface takes no live frames. */
  get engine(): "xdp" | "socket" {
    return this.#engine.name;
  }

  /** CPUs that it sends on. */
  get cpus(): number {
    return this.#engine.cpus;
  }

  /**
   * Sends everything. Frames that were sent before an error stay sent, and report() counts them.
   *
   * @throws RingcapError INPUT after the frames before the fault; KERNEL, INTERFACE or INTERFACE_REMOVED when the
   * interface refuses to send any more
   */
  async run(): Promise<void> {
    if (this.#begun !== undefined) throw onceError("run a session");
    this.#begun = performance.now();
    const { signal } = this.#settings;
    const onAbort = () => this.stop();
    signal?.addEventListener("abort", onAbort);
    try {
      if (signal?.aborted) this.stop();
      await this.#sendFile();
      this.#noteShortFile();
    } finally {
      signal?.removeEventListener("abort", onAbort);
      this.#report = this.report();
      await this.close();
    }
  }

  /** The capabilities without which sending cannot go on after the process has given up its privileges. */
  prepareForFewerPrivileges(): Capability[] {
    if (this.#engine.name === "socket") return [];
    // Where the interface takes no live frames, a packet socket is opened.
    const fallback: Capability[] = this.#settings.engine === "xdp" ? [] : ["CAP_NET_RAW"];
    return [...neededForOpenDescriptors(), ...fallback];
  }

  /** Ends run() at once. */
  stop(): void {
    this.#stopped = true;
    if (this.#report !== undefined) return; // it has ended
    this.#source.stop();
    this.#engine.stop();
  }

  /** How far the sending is: frames and bytes that were sent, and bytes of the file that were read, over all loops. */
  progress(): { frames: number; bytes: number; seconds: number; position: number; size: number } {
    const { frames, bytes, seconds } = this.report();
    const size = Number.isFinite(this.#settings.loop) ? this.#source.size * this.#settings.loop : 0;
    return { frames: frames.sent, bytes: bytes.sent, seconds, position: this.#source.position, size };
  }

  /** What became of every frame so far. */
  report(): SendReport {
    if (this.#report !== undefined) return this.#report;
    const counters = addCounters([...this.#former, this.#engine]);
    return sendReport(counters, {
      seconds: this.#seconds(),
      engine: this.engine,
      cpus: this.cpus,
      file: this.file,
      interface: { ...this.interface, transmitDropped: this.#transmitDropped(counters) },
      truncated: this.#source.truncated,
      shortened: this.#schedule?.shortened ?? { gaps: 0, seconds: 0 },
    });
  }

  /** Ends run(), if it is going on, and gives back what the session holds. */
  async close(): Promise<void> {
    this.stop();
    this.#report ??= this.report();
    for (const engine of [...this.#former, this.#engine]) engine.close();
    await this.#source.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #sendFile(): Promise<void> {
    const { loop } = this.#settings;
    for (let pass = 0; pass < loop && this.#left > 0 && !this.#stopped; pass++) {
      const before = this.#offered;
      await this.#sendOnce();
      if (this.#offered === before) return; // an empty file, again and again
      if (this.#engine instanceof LiveEngine && this.#engine.holdsAll) {
        const frames = Math.min((this.#offered - before) * (loop - 1), this.#left);
        this.#offered += frames;
        return this.#engine.repeat(frames);
      }
    }
  }

  /** Says that there were fewer frames than were asked for. */
  #noteShortFile(): void {
    const { count, onNote } = this.#settings;
    if (this.#stopped || !Number.isFinite(this.#left) || this.#left <= 0) return;
    onNote(`the file ended after ${this.#offered} frames of ${count}: \`loop: 0\` sends it again until they are sent`);
  }

  /** Frames that may still be sent. */
  get #left(): number {
    return this.#settings.count - this.#offered;
  }

  async #sendOnce(): Promise<void> {
    try {
      for await (const batch of this.#source.read(this.#left)) {
        this.#offered += batch.frames.count;
        await this.#sendBatch(batch);
        if (this.#source.isPipe) await this.#engine.flush();
        if (this.#stopped) return;
      }
    } finally {
      // Frames that were read before a fault of the file are sent too.
      await this.#engine.flush();
    }
  }

  async #sendBatch(batch: FrameBatch): Promise<void> {
    const behind = await this.#engine.send(batch, 0);
    if (behind === batch.frames.count || this.#stopped) return;
    await this.#engine.flush();
    this.#leaveLiveFrames();
    await this.#engine.send(batch, behind);
  }

  /** @throws RingcapError when no other engine is wanted */
  #leaveLiveFrames(): void {
    const engine = this.#engine;
    const refused = engine instanceof LiveEngine && engine.refused;
    if (refused && this.#settings.engine === "xdp") throw liveFramesRefused(this.#target);
    this.#engine = new SocketEngine(this.#target, this.#settings.vary);
    if (refused) {
      engine.close();
      this.#settings.onNote(`${noLiveFrames(this.#target.name)}: sending through a packet socket, which is slower`);
      this.#settings.onNote(LIVE_FRAMES_HINT);
    } else {
      this.#former.push(engine);
      this.#settings.onNote("a frame is too long for live frames: it and those after it go through a packet socket");
    }
  }

  #seconds(): number {
    return this.#begun === undefined ? 0 : (performance.now() - this.#begun) / 1000;
  }

  /**
   * Drops that are counted here already are left out, because a driver counts each time that it has no room for a
   * frame.
   */
  #transmitDropped({ retried, errors }: EngineCounters): number {
    const drops = this.#drops.counts().get(this.#target.index)?.transmitted;
    const known = retried + (errors.ENOBUFS ?? 0) + (errors.refused ?? 0);
    return drops === undefined ? 0 : Math.max(0, drops - known);
  }
}
