/** The frames in the maps of bpf/transmit/transmit.bpf.c, and their sending by BPF_PROG_TEST_RUN with live frames. */
import { addon, type NativeLiveFrames } from "./addon.ts";
import type { BpfObject } from "./object.ts";

/** What is written into each frame at random. The checksums are kept right. */
export interface VariedFields {
  readonly sourceAddress: boolean;
  readonly sourcePort: boolean;
}

export interface LiveCounters {
  /** Frames that the driver took. */
  sent: number;
  /** Bytes of the frames that the driver took. */
  bytes: number;
  /** Times that the driver had no room for a frame, which was sent again. */
  retried: number;
  /** Frames that the driver did not take for a quarter of a second, and that were left out. */
  refused: number;
  /** The errno with which the interface refused to send at all in the last run; 0 where it did not. */
  failure: number;
}

export interface AddedFrames {
  /** Packets of the batch that are done, including those before `from`. */
  packets: number;
  /** Left out. */
  tooShort: number;
  tooLong: number;
  /** Whether there was no room for the next one. */
  full: boolean;
}

export class LiveFrames implements Disposable {
  readonly #frames: NativeLiveFrames;

  /** @param object dist/bpf/transmit.bpf.o, loaded */
  constructor(object: BpfObject) {
    using program = object.program("transmit_frame");
    using frames = object.map("transmit_frames");
    using bytes = object.map("transmit_bytes");
    using control = object.map("transmit_control");
    using states = object.map("transmit_states");
    this.#frames = new (addon().LiveFrames)(
      program.descriptor,
      frames.descriptor,
      bytes.descriptor,
      control.descriptor,
      states.descriptor,
    );
  }

  /**
   * Adds the packets of a batch (native/batch_record.h) from number `from` on. Those too short for Ethernet and those of
   * more than `longest` bytes are left out. Ends before a packet for which there is no room, and before one of more than
   * TRANSMIT_LENGTH_MAX bytes.
   */
  add(batch: Uint8Array, count: number, from: number, longest: number, vary: VariedFields): AddedFrames {
    return this.#frames.add(batch, count, from, longest, vary.sourceAddress, vary.sourcePort);
  }

  /** Removes all frames. */
  clear(): void {
    this.#frames.clear();
  }

  /**
   * Sends `total` frames from frame `start` on, through all of them again and again, on at most so many CPUs. A thread
   * of the pool waits for it: a worker that is terminated ends only after that.
   *
   * @returns when all were sent or refused, after stop(), or when the interface refuses to send
   */
  run(start: bigint, total: bigint, cpus: number): Promise<void> {
    return this.#frames.run(start, total, cpus);
  }

  /** As run(), but blocks. @returns nanoseconds it took */
  runNow(start: bigint, total: bigint, cpus: number): number {
    return this.#frames.runNow(start, total, cpus);
  }

  /** Ends the present run. */
  stop(): void {
    this.#frames.stop();
  }

  /** The counters of all runs so far. They may be asked for during a run. */
  counters(): LiveCounters {
    return this.#frames.counters();
  }

  close(): void {
    this.#frames.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
