/**
 * The frames that a device was asked to send, so that its capture leaves them out: the kernel hands a packet to every
 * packet socket except the one that sent it (skb_loop_sk() of net/core/dev.c), while a program at TC meets all.
 */
import { PACKET_DIRECTION_OUT } from "../generated/layouts.ts";
import type { PacketCursor } from "../packets/packet-batch.ts";

/** Milliseconds after which an equal packet was sent by somebody else, by the packet's own time. */
const PATIENCE = 1000;
/** Bytes of frames that are waited for at most. Beyond them the oldest one is forgotten. */
const BYTES_MAX = 32 << 20;

interface Sent {
  /** How many of them have not been captured. */
  count: number;
  /** When the last of them was sent, in milliseconds since the epoch. */
  last: number;
}

export class OwnFrames {
  readonly #snapshotLength: number;
  /** By what a capture shows of a frame. The oldest one comes first. */
  readonly #frames = new Map<string, Sent>();
  #bytes = 0;

  /** @param snapshotLength bytes of each packet that the capture keeps */
  constructor(snapshotLength: number) {
    this.#snapshotLength = snapshotLength;
  }

  sent(frame: Uint8Array): void {
    const key = keyOf(frame.subarray(0, this.#snapshotLength), frame.length);
    const count = (this.#frames.get(key)?.count ?? 0) + 1;
    this.#frames.set(key, { count, last: Date.now() });
    this.#bytes += key.length;
    for (const [oldest, { count }] of this.#frames) {
      if (this.#bytes <= BYTES_MAX) break;
      this.#forget(oldest, count);
    }
  }

  /** Whether the packet is a frame that was sent, which is then not waited for any more. */
  has({ bytes, start, capturedLength, originalLength, direction, seconds }: PacketCursor): boolean {
    if (this.#frames.size === 0 || direction !== PACKET_DIRECTION_OUT) return false;
    const key = keyOf(bytes.subarray(start, start + capturedLength), originalLength);
    const frame = this.#frames.get(key);
    if (frame === undefined) return false;
    const isOwn = seconds * 1000 <= frame.last + PATIENCE;
    this.#forget(key, isOwn ? 1 : frame.count);
    return isOwn;
  }

  #forget(key: string, count: number): void {
    const frame = this.#frames.get(key);
    if (frame === undefined) return;
    frame.count -= count;
    this.#bytes -= key.length * count;
    if (frame.count === 0) this.#frames.delete(key);
  }
}

function keyOf({ buffer, byteOffset, byteLength }: Uint8Array, originalLength: number): string {
  return `${originalLength}:${Buffer.from(buffer, byteOffset, byteLength).toString("latin1")}`;
}
