/** Everything a capture holds in the kernel: rings, programs, attachments, promiscuous mode. */

import { reasonOf } from "../errors.ts";
import { readKernelClocks } from "../host/kernel-clock.ts";
import { kernelError } from "../host/kernel-error.ts";
import { neededForOpenDescriptors } from "../host/kernel-features.ts";
import type { Capability } from "../host/process-privileges.ts";
import type { Descriptor } from "../native/descriptor.ts";
import { BpfMap } from "../native/map.ts";
import type { DrainResult } from "../native/native-classes.ts";
import type { PacketDrain } from "../native/packet-drain.ts";
import { enterPromiscuousMode } from "../native/system.ts";
import type { BpfHook, CapturedInterface } from "../packets/captured.ts";
import type { TrafficCounts } from "../packets/traffic-counts.ts";
import { attach } from "./attach.ts";
import { Attachments } from "./attachments.ts";
import { CAPTURE_MARKS } from "./chain-members.ts";
import { KernelCounts } from "./counts/kernel-counts.ts";
import { tellOfInterface } from "./interface-notes.ts";
import { KernelAdmission } from "./kernel-admission.ts";
import type { KernelCounters } from "./kernel-counters.ts";
import { LoadedPrograms } from "./loaded-programs.ts";
import { openDrain } from "./open-drain.ts";
import type { CaptureSettings } from "./options.ts";
import { Placeholders } from "./placeholders.ts";
import type { CapturePlan, InterfacePlan } from "./plan.ts";
import { asksForOwners } from "./program-only-options.ts";
import { LoadingView, ProgramView } from "./program-view.ts";
import { type RecordLayout, setDropLease } from "./programs.ts";
import { Rings } from "./rings.ts";
import { SocketOwners } from "./socket-owners.ts";
import { type CaptureSource, LAYOUT_OF_BLOCKS, layoutFor, mayBeBlocks } from "./source.ts";

const DROP_LEASE_SIZE = 8;
/** The first lease, long enough for attaching to all interfaces. The watchdog renews it afterwards. */
const FIRST_LEASE_NANOSECONDS = 30_000_000_000n;

export class OpenCapture implements CaptureSource {
  readonly #rings: Rings;
  #drain: PacketDrain | undefined;
  readonly layout: RecordLayout;
  readonly #direction: CapturedInterface["direction"];
  readonly #onNote: CaptureSettings["onNote"];
  readonly #attachments = new Attachments();
  readonly #programs: LoadedPrograms;
  readonly #promiscuous: Descriptor[] = [];
  #dropLease: BpfMap | undefined;
  #admission: KernelAdmission | undefined;
  #placeholders: Placeholders | undefined;
  #owners: SocketOwners | undefined;
  #counts: KernelCounts | undefined;
  #loadingView: LoadingView | undefined;
  #view: ProgramView | undefined;
  #detached = false;

  /**
   * Opens, configures, loads and attaches.
   *
   * @param epochOffset CLOCK_REALTIME minus CLOCK_MONOTONIC, nanoseconds
   * @throws RingcapError; nothing is left open or attached then
   */
  constructor({ settings, interfaces, givesUpPrivileges = false }: CapturePlan, epochOffset: bigint) {
    this.#direction = settings.direction;
    this.#onNote = settings.onNote;
    const targets = interfaces.map(({ target }) => target);
    this.layout = mayBeBlocks(settings, targets) ? LAYOUT_OF_BLOCKS : layoutFor(settings, targets);
    this.#rings = Rings.create(settings.ringSize, undefined, CAPTURE_MARKS[settings.action]);
    this.#programs = new LoadedPrograms(settings, this.layout, this.#rings);
    try {
      if (givesUpPrivileges && interfaces.some(({ hooks }) => hooks[0] === "tc"))
        this.#loadingView = LoadingView.begin();
      settings.onDetail(`${this.#rings.all.length} rings of ${settings.ringSize >> 10} KiB`);
      // This happens before the first packet can ask for its owner.
      if (asksForOwners(settings)) this.#owners = SocketOwners.start(settings);
      if (settings.action === "drop") {
        this.#dropLease = BpfMap.createSingle(DROP_LEASE_SIZE, "drop_lease");
        setDropLease(this.#dropLease, readKernelClocks().monotonic + FIRST_LEASE_NANOSECONDS);
      }
      if (KernelAdmission.isAskedFor(settings)) this.#admission = new KernelAdmission(settings, epochOffset);
      if (settings.countedKeys !== undefined) this.#counts = new KernelCounts(settings.countedKeys);
      const openOnce = () => {
        this.#drain ??= openDrain(this.#rings, this.layout, epochOffset);
      };
      for (const plan of interfaces) this.#attach(settings, plan, openOnce);
      // A thread that waits in the kernel would not give up its privileges before that.
      this.#rings.settle();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** @param openDrain opens the drain before anything is attached, because that sets the clock of the rings */
  #attach(settings: CaptureSettings, plan: InterfacePlan, openDrain: () => void): void {
    const { target } = plan;
    const hooks = plan.hooks.filter((hook) => hook !== "packet");
    if (settings.promiscuous) {
      try {
        this.#promiscuous.push(enterPromiscuousMode(target.index));
      } catch (error) {
        throw kernelError(`make ${target.name} promiscuous`, error);
      }
    }
    const maps = { owners: this.#owners, dropLease: this.#dropLease, admission: this.#admission, counts: this.#counts };
    const programsFor = (hook: BpfHook) => this.#programs.of(plan, hook, { ...maps, meanwhile: openDrain });
    const placeholders = () => {
      this.#placeholders ??= new Placeholders();
      return this.#placeholders;
    };
    const attachment = attach(target, hooks, { settings, programsFor, placeholders });
    this.#attachments.add(target, attachment);
    tellOfInterface(settings, plan, attachment.hook);
  }

  get #opened(): PacketDrain {
    if (this.#drain === undefined) throw new Error("nothing was attached");
    return this.#drain;
  }

  get interfaces(): CapturedInterface[] {
    return this.#attachments.describe(this.#direction);
  }

  get dropLease(): Descriptor | undefined {
    return this.#dropLease?.descriptor;
  }

  get counts(): TrafficCounts | undefined {
    return this.#counts;
  }

  get wakeups(): Descriptor[] {
    return [this.#rings.wakeups.descriptor];
  }

  setEpochOffset(epochOffset: bigint): boolean {
    return this.#opened.setEpochOffset(epochOffset);
  }

  setSampling(sample: number): void {
    this.#admission?.setSampling(sample);
  }

  drain(buffer: Uint8Array): DrainResult {
    return this.#opened.drain(buffer);
  }

  takeRecords(buffer: Uint8Array): DrainResult & { bytes: Uint8Array } {
    return this.#opened.takeRecords(buffer);
  }

  skip(): number {
    return this.#opened.skip();
  }

  missingInterface(): string | undefined {
    return this.#attachments.missingInterface();
  }

  checkPlaces(): void {
    this.#attachments.checkPlaces(this.#onNote);
  }

  launch<Started>(start: () => Started): Started {
    return this.#owners === undefined ? start() : this.#owners.launch(start);
  }

  prepareForFewerPrivileges(): Capability[] {
    const needed = [...neededForOpenDescriptors(), ...this.#attachments.detachedBy()];
    try {
      if (this.#attachments.haveNeighbours) {
        this.#view ??= new ProgramView(this.#loadingView);
        this.#attachments.lookBy(this.#view);
      }
    } catch (error) {
      const unseen = "whether other programs come in front of this one at TC is not seen";
      this.#onNote(`${unseen} from here on: ${reasonOf(error)}`);
    }
    return [...new Set(needed)];
  }

  counters(): KernelCounters {
    return this.#programs.counters();
  }

  countersByInterface(): ReadonlyMap<number, KernelCounters> {
    return this.#programs.countersByInterface();
  }

  /** Returns when the last packet that met a program has its record in the ring. */
  detach(): void {
    if (this.#detached) return;
    this.#detached = true;
    try {
      this.#attachments.vacate();
    } finally {
      this.#rings.waitUntilIdle();
    }
  }

  close(): void {
    try {
      this.#attachments.close();
    } finally {
      this.#release();
    }
  }

  async remove(): Promise<void> {
    try {
      this.#release();
    } finally {
      await this.#attachments.remove();
    }
  }

  #release(): void {
    for (const descriptor of this.#promiscuous) descriptor.close();
    this.#programs.close();
    this.#placeholders?.close();
    this.#loadingView?.close();
    this.#view?.close();
    this.#owners?.close();
    this.#counts?.close();
    this.#dropLease?.close();
    this.#admission?.close();
    this.#drain?.close();
    this.#rings.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
