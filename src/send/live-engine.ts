/** Sends live frames of XDP. A window of the file lies in the kernel's memory, and a program there sends it. */
import { availableParallelism } from "node:os";
import { getSystemErrorName } from "node:util";
import { TRANSMIT_LENGTH_MAX } from "../generated/layouts.ts";
import { kernelError } from "../host/kernel-error.ts";
import { isAllowed } from "../host/kernel-features.ts";
import type { LiveFrames, VariedFields } from "../native/live-frames.ts";
import type { EngineCounters, SendEngine } from "./engine.ts";
import { liveFailure, refusesLiveFrames } from "./failures.ts";
import type { FrameBatch } from "./frame-source.ts";
import type { SendInterface } from "./interface.ts";
import { LiveProgram } from "./live-program.ts";

/** The most bytes of frames in the kernel's memory. */
const WINDOW_MAX = 64 << 20;
const WINDOW_MIN = 64 << 10;
/**
 * Frames that one system call sends on each CPU. They take half a second at most, so that progress and signals are
 * handled in time.
 */
const ROUND = 1 << 22;
/**
 * Bytes of a link header and a VLAN tag, which the interface takes besides the MTU (include/linux/netdevice.h,
 * __xdp_ok_fwd_dev).
 */
const HEADERS = 18;

export interface LiveEngineOptions {
  readonly target: SendInterface;
  readonly vary: VariedFields;
  /** Undefined: one for each transmit queue. */
  readonly cpus: number | undefined;
  /** Bytes that the frames of the file take at most, if it is known. */
  readonly fileSize: number | undefined;
  /** Whether frames longer than live frames can be are left out as errors; otherwise send() stops there. */
  readonly exclusive: boolean;
}

export class LiveEngine implements SendEngine {
  readonly name = "xdp";
  readonly cpus: number;
  /** Whether every frame since the start lies in the window: then repeat() can send them again. */
  holdsAll = true;
  /** Whether the interface takes no live frames at all: nothing was sent then. */
  refused = false;
  readonly #target: SendInterface;
  readonly #vary: VariedFields;
  readonly #longest: number;
  readonly #program: LiveProgram;
  readonly #frames: LiveFrames;
  #tooShort = 0;
  #tooLong = 0;
  /** Frames in the window, and those of them that were sent. */
  #held = 0;
  #behind = 0;
  #probed = false;
  #stopped = false;

  /** @throws RingcapError PRIVILEGE, KERNEL */
  constructor({ target, vary, cpus, fileSize = WINDOW_MAX, exclusive }: LiveEngineOptions) {
    this.#target = target;
    this.#vary = vary;
    this.#longest = Math.min(target.mtu + HEADERS, exclusive ? TRANSMIT_LENGTH_MAX : Number.POSITIVE_INFINITY);
    this.cpus = cpus ?? Math.min(availableParallelism(), target.transmitQueues);
    this.#program = new LiveProgram(target.index, Math.min(Math.max(fileSize, WINDOW_MIN), WINDOW_MAX));
    this.#frames = this.#program.frames;
  }

  async send({ frames: { bytes, count } }: FrameBatch, from: number): Promise<number> {
    let behind = from;
    while (behind < count && !this.#stopped) {
      const added = this.#frames.add(bytes, count, behind, this.#longest, this.#vary);
      const leftOut = added.tooShort + added.tooLong;
      this.#tooShort += added.tooShort;
      this.#tooLong += added.tooLong;
      this.#held += added.packets - behind - leftOut;
      if (leftOut > 0) this.holdsAll = false;
      behind = added.packets;
      if (!this.#probed && this.#held > 0 && !(await this.#probe())) return from;
      if (behind < count && !added.full) return behind;
      if (added.full) await this.#empty();
    }
    return behind;
  }

  async flush(): Promise<void> {
    if (this.refused) return;
    const left = this.#held - this.#behind;
    const from = this.#behind;
    this.#behind = this.#held;
    await this.#run(from, left);
  }

  /** Sends `frames` frames more: all of them again and again, from the first on. */
  repeat(frames: number): Promise<void> {
    return this.#run(0, frames);
  }

  stop(): void {
    this.#stopped = true;
    this.#frames.stop();
  }

  counters(): EngineCounters {
    const { sent, bytes, retried, refused } = this.#frames.counters();
    const errors = { EINVAL: this.#tooShort, EMSGSIZE: this.#tooLong, refused };
    return { sent, bytes, retried, errors, lateness: undefined };
  }

  close(): void {
    this.#program.close();
  }

  /** Sends the first frame alone. */
  async #probe(): Promise<boolean> {
    this.#probed = true;
    const isAllowedHere = isAllowed("live-frames");
    if (isAllowedHere) await this.#frames.run(0n, 1n, 1);
    const errno = this.#failure();
    if (!isAllowedHere || refusesLiveFrames(errno)) {
      this.refused = true;
      return false;
    }
    if (errno !== undefined) throw liveFailure(this.#target, errno);
    this.#behind = 1;
    return true;
  }

  async #empty(): Promise<void> {
    await this.flush();
    this.#frames.clear();
    this.#held = 0;
    this.#behind = 0;
    this.holdsAll = false;
  }

  async #run(from: number, frames: number): Promise<void> {
    let position = from;
    for (let left = frames; left > 0 && this.#held > 0 && !this.#stopped; ) {
      const round = Math.min(left, ROUND * this.cpus);
      try {
        await this.#frames.run(BigInt(position), BigInt(round), this.cpus);
      } catch (error) {
        throw kernelError(`send to ${this.#target.name}`, error);
      }
      const errno = this.#failure();
      if (errno !== undefined) throw liveFailure(this.#target, errno);
      left -= round;
      position = (position + round) % this.#held;
    }
  }

  #failure(): string | undefined {
    const { failure } = this.#frames.counters();
    return failure === 0 ? undefined : getSystemErrorName(-failure);
  }
}
