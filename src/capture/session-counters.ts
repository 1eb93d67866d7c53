/** What became of the packets of a session, while it goes on and for good when it is over. */
import type { ReceiveDrops } from "../host/receive-drops.ts";
import type { CaptureCounters, InterfaceCounters } from "../packets/captured.ts";
import type { BatchTaker } from "./batch-taker.ts";
import type { CaptureSource } from "./source.ts";

export class SessionCounters {
  readonly #source: CaptureSource;
  readonly #taker: BatchTaker;
  readonly #drops: ReceiveDrops;
  #final: CaptureCounters | undefined;
  #finalByInterface: ReadonlyMap<number, InterfaceCounters> | undefined;
  /** Packets of `ringDropped` whose bytes the kernel did not give, as of the last reading. */
  unreadable = 0;

  constructor(source: CaptureSource, taker: BatchTaker, drops: ReceiveDrops) {
    this.#source = source;
    this.#taker = taker;
    this.#drops = drops;
  }

  /** The counters of the end, once freeze() has read them. */
  get final(): CaptureCounters | undefined {
    return this.#final;
  }

  /** @throws RingcapError KERNEL when the kernel does not tell */
  read(): CaptureCounters {
    const kernel = this.#source.counters();
    this.unreadable = kernel.copyFailed;
    return this.#taker.countersWith(kernel);
  }

  /** The counters of each interface, by its index. @throws RingcapError KERNEL when the kernel does not tell */
  byInterface(): ReadonlyMap<number, InterfaceCounters> {
    if (this.#finalByInterface !== undefined) return this.#finalByInterface;
    const drops = this.#drops.counts();
    return new Map(
      [...this.#source.countersByInterface()].map(([index, { seen, matched, ringFull, copyFailed }]) => [
        index,
        { seen, matched, ringDropped: ringFull + copyFailed, interfaceDropped: drops.get(index) },
      ]),
    );
  }

  /** Reads the counters of the end, before the source is closed. @throws RingcapError KERNEL */
  freeze(): void {
    this.#final = this.read();
    this.#finalByInterface = this.byInterface();
  }
}
