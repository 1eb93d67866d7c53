// Sends copies of one frame at line rate, synchronously: what the floods of the tests, the demo and the benchmarks are made of.
import { BATCH_RECORD } from "../../dist/generated/layouts.js";
import { LiveProgram } from "../../dist/send/live-program.js";

/** Bytes of the kernel's memory for the one frame. */
const WINDOW = 1 << 16;

/**
 * The receiving end of a veth takes such frames only when it has an XDP program, or `gro on` (drivers/net/veth.c,
 * veth_xdp_xmit).
 */
export class FrameSender {
  #program;
  #vary;

  /**
   * @param {{ interfaceIndex: number, varySourceAddress?: boolean, varySourcePort?: boolean }} options what is at random in
   *   each frame, with the checksums kept right
   */
  constructor({ interfaceIndex, varySourceAddress = false, varySourcePort = false }) {
    this.#vary = { sourceAddress: varySourceAddress, sourcePort: varySourcePort };
    this.#program = new LiveProgram(interfaceIndex, WINDOW);
  }

  /**
   * Sends copies of an Ethernet frame, on one CPU. Blocks until they are sent, or the interface takes none.
   *
   * @param {Uint8Array} frame @param {number} count @returns {number} nanoseconds it took
   */
  send(frame, count) {
    const record = new Uint8Array(BATCH_RECORD.size + frame.length + 7);
    new Uint32Array(record.buffer, BATCH_RECORD.capturedLength, 1)[0] = frame.length;
    record.set(frame, BATCH_RECORD.size);
    const { frames } = this.#program;
    frames.clear();
    frames.add(record, 1, 0, frame.length, this.#vary);
    return frames.runNow(0n, BigInt(count), 1);
  }

  /** Frames that the interface took so far. */
  get sent() {
    return this.#program.frames.counters().sent;
  }

  close() {
    this.#program.close();
  }
}
