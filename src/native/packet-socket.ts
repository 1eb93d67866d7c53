/** A packet socket (packet(7)) that sends batches of frames, at once or each at its time. */
import { addon, type NativePacketSocket } from "./addon.ts";
import type { VariedFields } from "./live-frames.ts";
import type { SocketCounters } from "./native-classes.ts";

export class PacketSocket implements Disposable {
  readonly #socket: NativePacketSocket;

  /**
   * @param isRawIp whether the interface's packets start with their IP header
   * @throws a system failure, EPERM without CAP_NET_RAW
   */
  constructor(interfaceIndex: number, isRawIp: boolean) {
    this.#socket = new (addon().PacketSocket)(interfaceIndex, isRawIp);
  }

  /**
   * Sends packets `from` to `count` of a batch (native/batch_record.h), which must stay as it is meanwhile.
   *
   * @param due nanoseconds after `start` (CLOCK_MONOTONIC) before which a packet is not sent; undefined: at once
   * @returns after 250 ms at the latest, after stop(), or when the interface refuses to send, with that failure
   */
  send(
    batch: Uint8Array,
    count: number,
    from: number,
    due: Float64Array | undefined,
    start: bigint,
    vary: VariedFields,
  ): Promise<{ frames: number; failure: Error | undefined }> {
    return this.#socket.send(batch, count, from, due, start, vary.sourceAddress, vary.sourcePort);
  }

  /**
   * Sends one frame before it returns, and waits for room where the interface has none. The counters know nothing of it.
   *
   * @throws a system failure
   */
  sendNow(frame: Uint8Array): void {
    this.#socket.sendNow(frame);
  }

  /** Ends the present call of send() and all later ones. */
  stop(): void {
    this.#socket.stop();
  }

  counters(): SocketCounters {
    return this.#socket.counters();
  }

  close(): void {
    this.#socket.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
