/** Hands the packets of a batch to a program one after the other, as if each came out of the kernel by itself. */
import type { PacketBatch, PacketCursor } from "../packets/packet-batch.ts";

/** Packets after which timers and other events have their turn. */
const PACKETS_AT_ONCE = 256;

/**
 * Calls `deliver` for each packet. What the program does before the next one is what it does between two packets of
 * npm's `cap`: promises and process.nextTick() come first, so that a handler may use the buffer behind an `await`
 * that waits for nothing else. What `deliver` throws is an uncaught exception, and the next packet follows where the
 * program survives it.
 *
 * @param deliver returns false when it wants no more
 * @returns when the last packet was delivered
 */
export function handOver(batch: PacketBatch, deliver: (cursor: PacketCursor) => boolean): Promise<void> {
  const cursor = batch.cursor();
  let delivered = 0;
  return new Promise((resolve) => {
    const settled = Promise.resolve();
    const next = () => {
      let wantsMore = true;
      if (!cursor.next()) {
        resolve();
        return;
      }
      try {
        wantsMore = deliver(cursor);
      } finally {
        if (!wantsMore) resolve();
        else if (++delivered % PACKETS_AT_ONCE === 0) setImmediate(next);
        else void settled.then(whenPromisesAreSettled);
      }
    };
    const whenPromisesAreSettled = () => process.nextTick(next);
    whenPromisesAreSettled();
  });
}
