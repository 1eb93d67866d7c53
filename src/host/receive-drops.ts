/**
 * Counts packets that the interfaces of a capture dropped on their way in since the capture began. None of them met the
 * program.
 */

import { InterfaceDrops } from "../native/interface-drops.ts";
import type { CapturedInterface } from "../packets/captured.ts";
import { kernelError } from "./kernel-error.ts";

export class ReceiveDrops {
  readonly #drops = new InterfaceDrops();
  readonly #interfaces: readonly CapturedInterface[];
  #final: ReadonlyMap<number, number> | undefined;

  constructor(interfaces: readonly CapturedInterface[]) {
    this.#interfaces = interfaces.filter(({ direction }) => direction !== "out");
  }

  /**
   * Packets by the interface's index, as of this moment or of settle(). @throws RingcapError KERNEL when the kernel
   * does not tell
   */
  counts(): ReadonlyMap<number, number> {
    if (this.#final !== undefined) return this.#final;
    try {
      const counts = this.#drops.counts();
      return new Map(this.#interfaces.map(({ index }) => [index, counts.get(index)?.received ?? 0]));
    } catch (error) {
      throw kernelError("read the counters of the interfaces", error);
    }
  }

  /** Keeps the present counts for good. @throws RingcapError KERNEL when the kernel does not tell */
  settle(): void {
    this.#final = this.counts();
  }
}
