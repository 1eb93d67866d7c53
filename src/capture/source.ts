/** The source from which a session takes its packets. */

import type { CaptureInterface } from "../host/interfaces.ts";
import type { Capability } from "../host/process-privileges.ts";
import type { Descriptor } from "../native/descriptor.ts";
import type { DrainResult } from "../native/native-classes.ts";
import type { CapturedInterface, Direction, Hook } from "../packets/captured.ts";
import type { TrafficCounts } from "../packets/traffic-counts.ts";
import type { KernelCounters } from "./kernel-counters.ts";
import type { CaptureSettings } from "./options.ts";
import type { RecordLayout } from "./programs.ts";

const BITS_OF_A_MEGABIT = 1_000_000;

/** Packets gather in it from the moment that it is open. */
export interface CaptureSource extends Disposable {
  readonly layout: RecordLayout;
  readonly interfaces: readonly CapturedInterface[];
  /** The lease, a map of one value; undefined where nothing is dropped. */
  readonly dropLease: Descriptor | undefined;
  /** What the kernel counts of all packets that match, where that was asked for. */
  readonly counts: TrafficCounts | undefined;
  /** Descriptors that become readable when packets can be taken. */
  readonly wakeups: readonly Descriptor[];
  /**
   * The time since the epoch of packets that arrive from now on: CLOCK_MONOTONIC plus this, nanoseconds.
   *
   * @returns false when packets from before the last change have to be taken first: to be tried again
   */
  setEpochOffset(epochOffset: bigint): boolean;
  /** Takes one packet in so many from here on, where the settings say that this may be asked for. @throws a system failure */
  setSampling(sample: number): void;
  /** Takes as many packets as fit, in the layout that AlignedBatch reads. */
  drain(buffer: Uint8Array): DrainResult;
  /**
   * Takes packets in the layout that PcapBatch reads, into the buffer or where they are. It does not work with an
   * origin in the layout.
   */
  takeRecords(buffer: Uint8Array): DrainResult & { bytes: Uint8Array };
  /**
   * Skips everything that was captured and not taken; only after detach(). What was taken last stays readable. @returns
   * packets
   */
  skip(): number;
  counters(): KernelCounters;
  /** The counters of each interface that is counted apart, by its index. */
  countersByInterface(): ReadonlyMap<number, KernelCounters>;
  /** The name of an interface whose packets do not come any more, if there is one. */
  missingInterface(): string | undefined;
  /**
   * Checks whether other programs have come in front of the capture, goes in front of them where that is possible, and
   * says so.
   */
  checkPlaces(): void;
  /** Calls the function. Where a command's packets are asked for, the processes that it starts are the command. */
  launch<Started>(start: () => Started): Started;
  /** Loads everything that needs privileges later. @returns the capabilities that are needed all the same */
  prepareForFewerPrivileges(): Capability[];
  /** No packet that arrives after it returns is captured. What was captured can still be taken. */
  detach(): void;
  /** Gives everything back, whatever fails of it. */
  close(): void;
  /**
   * Does what close() does, after detach(), while the event loop goes on, because the kernel may take its time to
   * detach.
   */
  remove(): Promise<void>;
}

export function capturedInterface(
  { name, index, link, driver, address, speed }: CaptureInterface,
  hook: Hook,
  direction: Direction,
): CapturedInterface {
  const mac = link.linkLayer === "ethernet" ? address : undefined;
  return { name, index, link, hook, direction, hardware: { driver, mac, speed: speed * BITS_OF_A_MEGABIT } };
}

/** Enhanced packet blocks, which go into a pcapng file as they lie in the rings. */
export const LAYOUT_OF_BLOCKS: RecordLayout = { timeUnit: 1, withOrigin: false, areBlocks: true };

/** Whether the program can lay out the blocks that the sink wants: the program knows one interface and no process. */
export function mayBeBlocks({ process, needs }: CaptureSettings, interfaces: readonly CaptureInterface[]): boolean {
  return needs.packetBlocks === true && interfaces.length === 1 && !process;
}

/** Where all packets come from one place, records need no origin and are records of a pcap file as they are. */
export function layoutFor(settings: CaptureSettings, interfaces: readonly CaptureInterface[]): RecordLayout {
  const withProcess = settings.process;
  if (interfaces.length > 1 || settings.direction === "inout" || withProcess || settings.needs.origin) {
    return { timeUnit: 1, withOrigin: true, withProcess };
  }
  return { timeUnit: settings.needs.timeUnit, withOrigin: false };
}
