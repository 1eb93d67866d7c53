/**
 * The frames that a device was asked to send, so that its capture leaves them out: the kernel hands a packet to every
 * packet socket except the one that sent it (skb_loop_sk() of net/core/dev.c), while a program at TC meets all.
 */
import { PACKET_DIRECTION_OUT } from "../generated/layouts.ts";
import type { PacketCursor } from "../packets/packet-batch.ts";

/** Milliseconds. A packet whose time is later than that behind a frame is another one: the filter did not want the frame. */
const PATIENCE = 1000;
/** Frames that are waited for at most. Beyond them the oldest one is forgotten. */
const FRAMES_MAX = 16_384;

export class OwnFrames {
  readonly #frames: { bytes: Buffer; until: number }[] = [];

  sent(frame: Uint8Array): void {
    const now = Date.now();
    this.#forgetBefore(now);
    if (this.#frames.length === FRAMES_MAX) this.#frames.shift();
    this.#frames.push({ bytes: Buffer.from(frame), until: now + PATIENCE });
  }

  /** Whether the packet is a frame that was sent, which is then not waited for any more. */
  has(cursor: PacketCursor): boolean {
    const { bytes, start, capturedLength, originalLength, direction, seconds, nanoseconds } = cursor;
    if (this.#frames.length === 0 || direction !== PACKET_DIRECTION_OUT) return false;
    this.#forgetBefore(seconds * 1000 + nanoseconds / 1_000_000);
    const packet = bytes.subarray(start, start + capturedLength);
    const index = this.#frames.findIndex(
      (frame) => frame.bytes.length === originalLength && frame.bytes.subarray(0, capturedLength).equals(packet),
    );
    if (index >= 0) this.#frames.splice(index, 1);
    return index >= 0;
  }

  /** @param time milliseconds since the epoch */
  #forgetBefore(time: number): void {
    const first = this.#frames.findIndex(({ until }) => until > time);
    this.#frames.splice(0, first < 0 ? this.#frames.length : first);
  }
}
