/**
 * A capture with libpcap where BPF may not be loaded. It uses packet sockets, whose classic BPF program the kernel
 * accepts from a process with CAP_NET_RAW. What that program cannot decide, the filter on the host decides.
 */
import { reasonOf, type SystemFailure } from "../errors.ts";
import type { CaptureInterface } from "../host/interfaces.ts";
import { kernelError } from "../host/kernel-error.ts";
import { onlineCpus } from "../host/online-cpus.ts";
import type { Capability } from "../host/process-privileges.ts";
import type { Descriptor } from "../native/descriptor.ts";
import type { DrainResult } from "../native/native-classes.ts";
import { PcapCapture, type PcapLane } from "../native/pcap-capture.ts";
import { waitForPrograms } from "../native/system.ts";
import { Admission } from "../packets/admission.ts";
import type { CapturedInterface } from "../packets/captured.ts";
import { BATCH_SIZE } from "../packets/packet-batch.ts";
import { tellOfInterface } from "./interface-notes.ts";
import { KernelAdmission } from "./kernel-admission.ts";
import { addCounters, type KernelCounters, NO_COUNTERS } from "./kernel-counters.ts";
import type { CaptureSettings } from "./options.ts";
import { openError, refusedLinkType } from "./pcap-errors.ts";
import { beginLane } from "./pcap-filters.ts";
import { type Lane, laneRingSize, waysOf } from "./pcap-lanes.ts";
import type { CapturePlan, InterfacePlan } from "./plan.ts";
import type { RecordLayout } from "./programs.ts";
import { type CaptureSource, capturedInterface, layoutFor } from "./source.ts";

/**
 * Milliseconds that the kernel lets a packet wait for others. They are fewer than those between two batches of a
 * session.
 */
const TIMEOUT = 100;
/**
 * Milliseconds where every packet is waited for. Each time costs a block of the ring (256 KiB), however little is in
 * it.
 */
const IMMEDIATE_TIMEOUT = 10;
const NOTHING_LEFT_OUT = { sampledOut: 0, rateLimited: 0 };

export class PcapSource implements CaptureSource {
  readonly layout: RecordLayout;
  readonly interfaces: readonly CapturedInterface[];
  readonly #settings: CaptureSettings;
  readonly #capture: PcapCapture;
  readonly #admission: Admission | undefined;
  readonly #lanes: Lane[] = [];
  readonly #wakeups: Descriptor[] = [];
  /** What libpcap hands over are copies. */
  readonly dropLease = undefined;
  /** checkOptions() refuses counts by libpcap. */
  readonly counts = undefined;
  #detached = false;

  private constructor(settings: CaptureSettings, targets: readonly CaptureInterface[], capture: PcapCapture) {
    this.#settings = settings;
    this.#capture = capture;
    if (KernelAdmission.isAskedFor(settings)) this.#admission = new Admission(settings, Math.random);
    // Packets are thinned out in the layout that has their origin.
    this.layout = this.#admission === undefined ? layoutFor(settings, targets) : { timeUnit: 1, withOrigin: true };
    const { direction } = settings;
    this.interfaces = targets.map((target) => capturedInterface(target, "packet", direction));
  }

  /** @throws RingcapError PRIVILEGE, INTERFACE, KERNEL, or INSTALLATION without libpcap; nothing is left open then */
  static open({ settings, interfaces }: CapturePlan): PcapSource {
    const targets = interfaces.map(({ target }) => target);
    const lanes = targets.flatMap((target) => waysOf(target, settings.direction)).length;
    const ringSize = laneRingSize(settings.ringSize * onlineCpus().length, lanes);
    const timeout = settings.immediate ? IMMEDIATE_TIMEOUT : TIMEOUT;
    const source = new PcapSource(settings, targets, openLibrary(settings.snapshotLength, timeout));
    try {
      for (const plan of interfaces) source.#open(plan, ringSize);
      // A lane is opened with a filter that lets nothing through. By then every CPU has seen that filter.
      waitForPrograms();
      for (const lane of source.#lanes) beginLane(source.#capture, lane, settings);
    } catch (error) {
      source.close();
      throw kernelError("capture with libpcap", error);
    }
    return source;
  }

  #open(plan: InterfacePlan, ringSize: number): void {
    const { target } = plan;
    const { promiscuous, direction, onDetail } = this.#settings;
    const { name, index, link } = target;
    for (const [way, said] of waysOf(target, direction)) {
      const options = { name, interfaceIndex: index, direction: said, bufferSize: ringSize, promiscuous };
      let opened: PcapLane;
      try {
        opened = this.#capture.open(options);
      } catch (error) {
        throw openError(name, error);
      }
      const refusal = refusedLinkType(target, opened.dataLinkType);
      if (refusal !== undefined) throw refusal;
      this.#lanes.push({ plan, way, opened });
      this.#wakeups.push(this.#capture.descriptor(opened));
      onDetail(`a packet socket at ${name} (${way}, ${link.description}) with a ring of ${ringSize / 2 ** 20} MiB`);
    }
    tellOfInterface(this.#settings, plan, "packet");
  }

  get wakeups(): readonly Descriptor[] {
    return this.#wakeups;
  }

  /** The kernel stamps packets of sockets with the time since the epoch. */
  setEpochOffset(): boolean {
    return true;
  }

  setSampling(sample: number): void {
    this.#admission?.setSampling(sample);
  }

  drain(buffer: Uint8Array): DrainResult {
    const { records, status } = this.#capture.drain(buffer);
    if (this.#admission === undefined) return { records, status };
    const words = new Uint32Array(buffer.buffer, buffer.byteOffset, buffer.byteLength / 4);
    return { records: this.#admission.thin(buffer, words, records).admitted, status };
  }

  takeRecords(buffer: Uint8Array): DrainResult & { bytes: Uint8Array } {
    return this.#capture.takeRecords(buffer, this.layout.timeUnit);
  }

  skip(): number {
    const buffer = new Uint8Array(BATCH_SIZE);
    let packets = 0;
    for (let more = true; more; ) {
      const { records, status } = this.drain(buffer);
      packets += records;
      more = status === "no-room" || status === "unfinished";
    }
    return packets;
  }

  counters(): KernelCounters {
    const { seen, matched, submitted, dropped } = this.#capture.counters();
    const { sampledOut, rateLimited } = this.#admission ?? NOTHING_LEFT_OUT;
    const admitted = submitted - sampledOut - rateLimited;
    return { seen, matched, sampledOut, rateLimited, submitted: admitted, ringFull: dropped, copyFailed: 0 };
  }

  countersByInterface(): ReadonlyMap<number, KernelCounters> {
    const sums = new Map<number, KernelCounters>();
    for (const [number, { seen, matched, dropped }] of this.#capture.counters().lanes.entries()) {
      const index = this.#lanes[number]?.plan.target.index;
      if (index === undefined) continue;
      const before = sums.get(index);
      sums.set(index, addCounters(before, { ...NO_COUNTERS, seen, matched, ringFull: dropped }));
    }
    return sums;
  }

  missingInterface(): string | undefined {
    if (this.#detached) return undefined;
    return this.#lanes.find(({ opened }) => this.#capture.isGone(opened))?.plan.target.name;
  }

  /** Open packet sockets need no capability. */
  prepareForFewerPrivileges(): Capability[] {
    return [];
  }

  /** Nobody asks for a command's packets. */
  launch<Started>(start: () => Started): Started {
    return start();
  }

  /** Packet sockets do not keep packets from each other. */
  checkPlaces(): void {}

  /** The kernel may have packets that it has not handed over yet, and the drain waits for them. */
  detach(): void {
    if (this.#detached) return;
    this.#detached = true;
    this.#capture.stop();
    waitForPrograms();
  }

  close(): void {
    for (const descriptor of this.#wakeups) descriptor.close();
    this.#capture.close();
  }

  async remove(): Promise<void> {
    this.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function openLibrary(snapshotLength: number, timeout: number): PcapCapture {
  try {
    return new PcapCapture(snapshotLength, timeout);
  } catch (error) {
    throw kernelError(`capture with libpcap (${(error as SystemFailure).log ?? reasonOf(error)})`, error);
  }
}
