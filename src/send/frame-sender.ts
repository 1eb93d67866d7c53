/** Sends copies of one frame at line rate, synchronously: what floods are made of. */
import { kernelError } from "../errors.ts";
import { BATCH_RECORD } from "../generated/layouts.ts";
import type { VariedFields } from "../libbpf/live-frames.ts";
import { LiveProgram } from "./live-program.ts";

export interface FrameSenderOptions {
  interfaceIndex: number;
  /** Source addresses at random, with the checksums kept right. */
  varySourceAddress?: boolean;
  /** Source ports of TCP and UDP at random, with the checksums kept right. */
  varySourcePort?: boolean;
}

const WINDOW = 1 << 16;

/**
 * The receiving end of a veth takes such frames only when it has an XDP program, or `gro on`
 * (drivers/net/veth.c, veth_xdp_xmit).
 */
export class FrameSender implements Disposable {
  readonly #program: LiveProgram;
  readonly #vary: VariedFields;

  /** @throws RingcapError PRIVILEGE or KERNEL */
  constructor(options: FrameSenderOptions) {
    this.#vary = {
      sourceAddress: options.varySourceAddress ?? false,
      sourcePort: options.varySourcePort ?? false,
    };
    this.#program = new LiveProgram(options.interfaceIndex, WINDOW);
  }

  /**
   * Sends `count` copies of an Ethernet frame, on one CPU. Blocks until they are sent, or the interface takes none.
   *
   * @returns nanoseconds it took
   * @throws RingcapError KERNEL
   */
  send(frame: Uint8Array, count: number): number {
    const record = new Uint8Array(BATCH_RECORD.size + frame.length + 7);
    new Uint32Array(record.buffer, BATCH_RECORD.capturedLength, 1)[0] = frame.length;
    record.set(frame, BATCH_RECORD.size);
    const { frames } = this.#program;
    try {
      frames.clear();
      frames.add(record, 1, 0, frame.length, this.#vary);
      return frames.runNow(0n, BigInt(count), 1);
    } catch (error) {
      throw kernelError(`send ${count} frames of ${frame.length} bytes`, error);
    }
  }

  /** Frames that the interface took so far. */
  get sent(): number {
    return this.#program.frames.counters().sent;
  }

  close(): void {
    this.#program.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
