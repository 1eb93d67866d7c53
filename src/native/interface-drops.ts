/** What interfaces drop, as the kernel counts it in struct rtnl_link_stats (include/uapi/linux/if_link.h). */
import { addon } from "./addon.ts";

export interface DropCounts {
  /** Packets dropped on their way in: rx_dropped, rx_missed_errors and rx_fifo_errors. */
  readonly received: number;
  /** Packets that the driver dropped on their way out, whoever sent them: tx_dropped. */
  readonly transmitted: number;
}

/** The kernel gives 32 bits of each count here. */
const COUNT_MODULUS = 2 ** 32;

/** Counts from its making on, and is right as long as fewer than 2^32 packets are dropped. */
export class InterfaceDrops {
  readonly #before: ReadonlyMap<number, DropCounts>;

  /** @throws a failure of the system where the kernel does not tell the counts */
  constructor() {
    this.#before = readCounts();
  }

  /** By the index of the interface; of those that were there all the time. @throws as the constructor */
  counts(): ReadonlyMap<number, DropCounts> {
    return new Map(
      [...readCounts()].flatMap(([index, now]) => {
        const before = this.#before.get(index);
        return before === undefined ? [] : [[index, difference(before, now)] as const];
      }),
    );
  }
}

function readCounts(): Map<number, DropCounts> {
  return new Map(
    addon()
      .readInterfaceDrops()
      .map(({ index, receiveDropped, transmitDropped }) => [
        index,
        { received: receiveDropped, transmitted: transmitDropped },
      ]),
  );
}

function difference(before: DropCounts, now: DropCounts): DropCounts {
  const packets = (from: number, to: number) => (to - from + COUNT_MODULUS) % COUNT_MODULUS;
  return {
    received: packets(before.received, now.received),
    transmitted: packets(before.transmitted, now.transmitted),
  };
}
