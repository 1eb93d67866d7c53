/**
 * The frames that a device was asked to send, so that its capture leaves them out: the kernel hands a packet to every
 * packet socket except the one that sent it (skb_loop_sk() of net/core/dev.c), while a program at TC meets all.
 */
import { PACKET_DIRECTION_OUT } from "../generated/layouts.ts";
import type { PacketCursor } from "../packets/packet-batch.ts";

/** Milliseconds after which a frame is not waited for: by then it is captured, unless the filter does not want it. */
const PATIENCE = 1000;
/** Frames that are waited for at most. Beyond them the oldest one is forgotten. */
const FRAMES_MAX = 16_384;

export class OwnFrames {
  readonly #frames: { bytes: Buffer; until: number }[] = [];

  sent(frame: Uint8Array): void {
    const now = performance.now();
    const first = this.#frames.findIndex(({ until }) => until > now);
    this.#frames.splice(0, first < 0 ? this.#frames.length : first);
    if (this.#frames.length === FRAMES_MAX) this.#frames.shift();
    this.#frames.push({ bytes: Buffer.from(frame), until: now + PATIENCE });
  }

  /** Whether the packet is a frame that was sent, which is then not waited for any more. */
  has({ bytes, start, capturedLength, originalLength, direction }: PacketCursor): boolean {
    if (this.#frames.length === 0 || direction !== PACKET_DIRECTION_OUT) return false;
    const packet = bytes.subarray(start, start + capturedLength);
    const index = this.#frames.findIndex(
      (frame) => frame.bytes.length === originalLength && frame.bytes.subarray(0, capturedLength).equals(packet),
    );
    if (index >= 0) this.#frames.splice(index, 1);
    return index >= 0;
  }
}
