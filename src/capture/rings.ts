/** The rings of packets that the capture program fills and user space maps. */

import { PACKET_RING_DATA, PACKET_RING_OVERRUN } from "../generated/layouts.ts";
import { kernelError } from "../host/kernel-error.ts";
import { onlineCpus, possibleCpuNumbers } from "../host/online-cpus.ts";
import { BpfMap, unsigned32 } from "../native/map.ts";
import type { NativeTableFilling } from "../native/native-classes.ts";

/** Bytes, one page. A record of this ring buffer only wakes user space. */
const WAKEUP_RING_SIZE = 65_536;

/** The rings of a capture, and the ring buffer on which user space sleeps. */
export class Rings implements Disposable {
  /** The CPUs that have a ring of their own. */
  readonly byCpu: ReadonlyMap<number, BpfMap>;
  /** The CPUs that share a ring because they may come online later. */
  readonly shared: BpfMap | undefined;
  readonly wakeups: BpfMap;
  /** Where programs find the rings by their index; undefined where there is no ring. */
  readonly table: BpfMap | undefined;
  #filling: NativeTableFilling | undefined;

  private constructor(byCpu: ReadonlyMap<number, BpfMap>, shared: BpfMap | undefined, wakeups: BpfMap) {
    this.byCpu = byCpu;
    this.shared = shared;
    this.wakeups = wakeups;
    this.table = this.all[0]?.createTable(sharedRingIndex() + 1, "rings");
    try {
      this.#filling = this.table?.startSettingInner(this.#byIndex);
    } catch (error) {
      this.table?.close();
      throw error;
    }
  }

  /**
   * Makes a ring of so many bytes for each CPU, and one ring for the CPUs that may come online later.
   *
   * @param cpus default: those that are online
   * @param wakeupsName by which others know the programs that use the rings
   * @throws RingcapError PRIVILEGE or KERNEL
   */
  static create(size: number, cpus: Iterable<number> = onlineCpus(), wakeupsName = "ringcap_wakeups"): Rings {
    const rings: BpfMap[] = [];
    let wakeups: BpfMap | undefined;
    const createRing = () => {
      const ring = BpfMap.createMappable(ringValueSize(size), "ringcap_ring");
      rings.push(ring);
      return ring;
    };
    try {
      const byCpu = new Map(Array.from(cpus, (cpu) => [cpu, createRing()] as const));
      const isComplete = possibleCpuNumbers().every((cpu) => byCpu.has(cpu));
      const shared = isComplete ? undefined : createRing();
      wakeups = BpfMap.createRingBuffer(WAKEUP_RING_SIZE, wakeupsName);
      return new Rings(byCpu, shared, wakeups);
    } catch (error) {
      for (const ring of rings) ring.close();
      wakeups?.close();
      const amount = size < 1 << 20 ? `${size >> 10} KiB` : `${size >> 20} MiB`;
      throw kernelError(`create a ring buffer of ${amount}`, error);
    }
  }

  get all(): BpfMap[] {
    const own = [...this.byCpu.values()];
    return this.shared === undefined ? own : [...own, this.shared];
  }

  get #byIndex(): Map<number, BpfMap> {
    return new Map(this.shared === undefined ? this.byCpu : [...this.byCpu, [sharedRingIndex(), this.shared]]);
  }

  /** Returns when programs find all rings in the table. @throws a system failure where they could not be put there */
  awaitTable(): void {
    const last = [...this.#byIndex.keys()].at(-1);
    if (last !== undefined && this.table?.lookup(unsigned32(last)) === undefined) this.settle();
  }

  /** Returns when the thread that fills the table has ended, a grace period of RCU after the start. @throws as awaitTable() */
  settle(): void {
    this.#filling?.wait();
    this.#filling = undefined;
  }

  /** Returns when no CPU runs a program that uses the rings any more. The programs must be detached before. */
  waitUntilIdle(): void {
    const [first] = this.byCpu;
    if (first !== undefined) this.table?.setInner(...first);
  }

  close(): void {
    try {
      this.settle();
    } catch {} // Nobody needs the table any more.
    for (const ring of this.all) ring.close();
    this.wakeups.close();
    this.table?.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** The index of the shared ring, behind those of the CPUs. */
export function sharedRingIndex(): number {
  return Math.max(...possibleCpuNumbers()) + 1;
}

/** The size in bytes of the array value that holds a ring of `size` bytes. */
export function ringValueSize(size: number): number {
  return PACKET_RING_DATA + size + PACKET_RING_OVERRUN;
}
