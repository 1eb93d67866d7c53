/** The capture program, configured and loaded, and the rings and counters that it shares with user space. */

import type { Program } from "../filter/classic/instruction.ts";
import { FilterProgram } from "../filter/ebpf/filter-program.ts";
import type { FilterHook } from "../filter/ebpf/hook.ts";
import { fillProcessMaps } from "../filter/process-maps.ts";
import { LINK_LAYER_ETHERNET, LINK_LAYER_NONE } from "../generated/layouts.ts";
import { kernelError } from "../host/kernel-error.ts";
import { hasXdpFragments } from "../host/kernel-features.ts";
import { isRealTimeKernel } from "../host/real-time-kernel.ts";
import { type BpfMap, unsigned32 } from "../native/map.ts";
import { BpfObject } from "../native/object.ts";
import { type BpfProgram, XDP_HAS_FRAGS } from "../native/program.ts";
import type { LinkType } from "../packets/link-types.ts";
import { CAPTURE_MARKS } from "./chain-members.ts";
import { configureCounts, type KernelCounts } from "./counts/kernel-counts.ts";
import type { KernelAdmission } from "./kernel-admission.ts";
import { type KernelCounters, readCounters } from "./kernel-counters.ts";
import type { CaptureSettings } from "./options.ts";
import { type Rings, ringValueSize, sharedRingIndex } from "./rings.ts";
import type { SocketOwnerMaps } from "./socket-owners.ts";

export type EntryPoint = "capture_xdp" | "capture_tc_ingress" | "capture_tc_egress";

/** An expression that runs in front of the capture program. */
export interface ExpressionInFront {
  readonly program: Program;
  /** Bytes of the packet in front of the place at which the expression assumes its start. */
  readonly origin: number;
}

/** The settings of a capture that the programs need. */
export type ProgramSettings = Pick<CaptureSettings, "filter" | "snapshotLength" | "ringSize" | "immediate" | "action"> &
  Partial<Pick<CaptureSettings, "pids" | "comms" | "onlyCommand" | "records">> &
  RecordLayout & {
    /** The owners of sockets, which records with processes and filters by process need. */
    owners?: SocketOwnerMaps | undefined;
    /**
     * With the action "drop", the lease of bpf/capture/capture.bpf.c. Default: dropping lasts as long as the programs
     * are attached.
     */
    dropLease?: BpfMap | undefined;
    /** Which of the packets that match are recorded. Default: all. */
    admission?: KernelAdmission | undefined;
    /** Where all packets that match are counted. */
    counts?: KernelCounts | undefined;
    /** Whether packets preempt each other on one CPU. Default: what this kernel does. */
    isPreemptible?: boolean;
    /** Called while the verifier works, which takes milliseconds. */
    meanwhile?: () => void;
  };

/** The content of a record in the ring. */
export interface RecordLayout {
  /** Nanoseconds of the unit of time: 1 or 1000. */
  timeUnit: number;
  /** Whether a record ends with its origin: the interface and the direction. */
  withOrigin: boolean;
  /** Whether a record ends with the process of its socket. That is possible only together with the origin. */
  withProcess?: boolean;
  /**
   * Whether records are enhanced packet blocks of a pcapng file, of its first interface and with times in nanoseconds. They
   * have neither an origin nor a process then.
   */
  areBlocks?: boolean;
}

const FILTER_HOOKS: Readonly<Record<EntryPoint, FilterHook>> = {
  capture_xdp: "xdp",
  capture_tc_ingress: "tc-ingress",
  capture_tc_egress: "tc-egress",
};

/** User space is woken when so many bytes lie in a ring, or a quarter of the ring where that is less. */
const WAKE_BYTES = 1024 * 1024;

/** Nanoseconds of CLOCK_MONOTONIC: 292 years after the kernel's start. */
const FOREVER = 2n ** 63n - 1n;

/** @param until CLOCK_MONOTONIC of the initial time namespace, nanoseconds: matching packets are dropped before it */
export function setDropLease(lease: BpfMap, until: bigint): void {
  lease.update(unsigned32(0), new Uint8Array(new BigUint64Array([until]).buffer));
}

/** The loaded entry points for interfaces of one link layer. */
export class CapturePrograms implements Disposable {
  readonly #programs = new Map<EntryPoint, BpfProgram>();
  readonly #filters = new Map<EntryPoint, FilterProgram>();
  readonly #counters: BpfMap;

  private constructor(object: BpfObject, entryPoints: readonly EntryPoint[]) {
    for (const name of entryPoints) this.#programs.set(name, object.program(name));
    this.#counters = object.map("counters");
  }

  /** @throws RingcapError PRIVILEGE or KERNEL with the verifier's last lines */
  static load(
    settings: ProgramSettings,
    linkLayer: LinkType["linkLayer"],
    entryPoints: readonly EntryPoint[],
    rings: Rings,
    expression?: ExpressionInFront,
  ): CapturePrograms {
    using object = BpfObject.openBuiltIn("capture");
    const { filter, snapshotLength, ringSize, immediate, action, timeUnit, withOrigin } = settings;
    const {
      withProcess = false,
      areBlocks = false,
      pids = [],
      comms = [],
      onlyCommand = false,
      owners,
      dropLease,
      admission,
      records = true,
      counts,
      isPreemptible = isRealTimeKernel(),
      meanwhile,
    } = settings;
    try {
      object.setVariable("filter", filter.bytes);
      object.setUnsigned32("snapshot_length", snapshotLength);
      object.setUnsigned32("ring_size", ringSize);
      object.setUnsigned32("time_unit", timeUnit);
      object.setUnsigned8("with_origin", withOrigin ? 1 : 0);
      object.setUnsigned8("with_process", withProcess ? 1 : 0);
      object.setUnsigned8("with_blocks", areBlocks ? 1 : 0);
      object.setUnsigned8("filter_pids", pids.length > 0 ? 1 : 0);
      object.setUnsigned8("filter_comms", comms.length > 0 ? 1 : 0);
      object.setUnsigned8("only_command", onlyCommand ? 1 : 0);
      object.setUnsigned32("wake_bytes", immediate ? 0 : Math.min(WAKE_BYTES, ringSize / 4));
      object.setUnsigned8("link_layer", linkLayer === "none" ? LINK_LAYER_NONE : LINK_LAYER_ETHERNET);
      object.setUnsigned8("drop_matched", action === "drop" ? 1 : 0);
      // Intel SDM volume 3, section 9.2.2; AMD64 APM volume 2, section 7.2.
      object.setUnsigned8("ordered_stores", process.arch === "x64" ? 1 : 0);
      const hasFragments = hasXdpFragments();
      object.setUnsigned8("has_fragments", hasFragments ? 1 : 0);
      if (hasFragments) object.setProgramFlags("capture_xdp", XDP_HAS_FRAGS);
      object.setUnsigned8("is_tail_called", expression === undefined ? 0 : 1);
      object.setUnsigned8("records_packets", records ? 1 : 0);
      object.reuseMap("wakeups", rings.wakeups);
      configureCounts(object, counts);
      if (dropLease !== undefined) object.reuseMap("drop_lease", dropLease);
      if (owners === undefined) {
        // Nothing looks at the value then.
        object.setMaxEntries("acceptors", 1);
        object.setMaxEntries("command_connections", 1);
      } else {
        object.reuseMap("socket_owners", owners.owners);
        object.reuseMap("acceptors", owners.acceptors);
        object.reuseMap("command_connections", owners.commandConnections);
      }
      object.setMaxEntries("pids", Math.max(1, pids.length));
      object.setMaxEntries("comms", Math.max(1, comms.length));
      object.setUnsigned8("is_preemptible", isPreemptible ? 1 : 0);
      admission?.configure(object, isPreemptible);
      object.setUnsigned32("shared_ring", sharedRingIndex());
      if (rings.table === undefined) object.setInnerValueSize("rings", ringValueSize(ringSize));
      else object.reuseMap("rings", rings.table);
      object.setMaxEntries("networks", Math.max(1, filter.networkCount));
      for (const name of ["capture_xdp", "capture_tc_ingress", "capture_tc_egress"] as const) {
        object.setAutoload(name, entryPoints.includes(name));
      }
      object.startLoading();
      meanwhile?.();
      object.load();
      rings.awaitTable();
      if (filter.networkCount > 0) {
        using networks = object.map("networks");
        networks.updateAll(filter.networkKeys, new Uint8Array(filter.networkCount), filter.networkCount);
      }
      fillProcessMaps(object, { pids, comms });
      if (action === "drop" && dropLease === undefined) {
        using lease = object.map("drop_lease");
        setDropLease(lease, FOREVER);
      }
      const programs = new CapturePrograms(object, entryPoints);
      if (expression !== undefined) programs.#putInFront(expression, linkLayer, CAPTURE_MARKS[action]);
      return programs;
    } catch (error) {
      throw kernelError("load the capture program", error);
    }
  }

  #putInFront({ program, origin }: ExpressionInFront, linkLayer: LinkType["linkLayer"], mark: string): void {
    try {
      for (const [name, next] of this.#programs) {
        const placement = { hook: FILTER_HOOKS[name], linkLayer, origin };
        this.#filters.set(name, FilterProgram.load(program, placement, this.#counters, next, mark));
      }
    } catch (error) {
      this.close();
      throw kernelError("load the program of the expression", error);
    }
  }

  /** The program to attach: the capture program, or the program of the expression in front of it. */
  entryPoint(name: EntryPoint): BpfProgram {
    const program = this.#filters.get(name)?.program ?? this.#programs.get(name);
    if (program === undefined) throw new Error(`the program ${name} was not loaded`);
    return program;
  }

  /** How many instructions the verifier followed in the capture program, and in the program of the expression. */
  verifiedInstructions(name: EntryPoint): { capture: number; expression: number | null } {
    const capture = this.#programs.get(name)?.describe().verifiedInstructions ?? 0;
    return { capture, expression: this.#filters.get(name)?.program.describe().verifiedInstructions ?? null };
  }

  counters(): KernelCounters {
    return readCounters(this.#counters);
  }

  close(): void {
    for (const filter of this.#filters.values()) filter.close();
    for (const program of this.#programs.values()) program.close();
    this.#counters.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
