/** Everything a session holds in the kernel: the programs of bpf/connections/connections.bpf.c, their maps, ring and attachments. */

import { errnoOf, RingcapError, reasonOf } from "../errors.ts";
import { fillProcessMaps } from "../filter/process-maps.ts";
import { CONNECTION_COUNTERS } from "../generated/layouts.ts";
import { hasMapIterator, KERNEL_BTF_FILE, KERNEL_BTF_REMEDY, kernelBtfFault } from "../host/kernel-btf.ts";
import { kernelError } from "../host/kernel-error.ts";
import type { Descriptor } from "../native/descriptor.ts";
import { ownNetworkNamespace } from "../native/kernel-files.ts";
import { type BpfMap, unsigned32 } from "../native/map.ts";
import { BpfObject } from "../native/object.ts";
import type { BpfProgram } from "../native/program.ts";
import { waitForPrograms } from "../native/system.ts";
import { acceptCalls } from "../native/system-calls.ts";
import type { ConnectionsSettings } from "./options.ts";

/** What programs take that are attached to tracepoints, and to nothing of the network. */
const TRACING = ["CAP_BPF", "CAP_PERFMON"] as const;

const COUNTERS = [
  "opened",
  "closed",
  "submitted",
  "lostCloses",
  "lostEvents",
  "inserted",
  "deleted",
  "notInserted",
  "missed",
] as const satisfies readonly Exclude<keyof typeof CONNECTION_COUNTERS, "size">[];

export type KernelConnectionCounters = Record<(typeof COUNTERS)[number], number>;

/**
 * The tracepoint with types of BTF, or without. Before Linux 5.12 only the tracepoint without types can tell sockets
 * apart.
 */
export type TracepointKind = "tp_btf" | "raw_tp";

/** The better one comes first. */
export const TRACEPOINT_KINDS: readonly TracepointKind[] = ["tp_btf", "raw_tp"];

const TRACEPOINT = "inet_sock_set_state";
/** There are three copies of each program. While one is interrupted, another runs. */
const STATE_PROGRAMS = {
  tp_btf: ["state_changed_first", "state_changed_second", "state_changed_third"],
  raw_tp: ["raw_state_changed_first", "raw_state_changed_second", "raw_state_changed_third"],
} as const;
/** The iterator over the entries of the table. */
const FIND_MISSED = "find_missed";
const FINAL_ERRORS: ReadonlySet<string> = new Set(["EPERM", "EACCES", "ENOMEM"]);

export class ConnectionPrograms implements Disposable {
  readonly ring: BpfMap;
  readonly tracepoint: TracepointKind;
  readonly #connections: BpfMap;
  readonly #counters: BpfMap;
  readonly #programs: BpfProgram[] = [];
  readonly #findMissed: BpfProgram | undefined;
  #attachments: Descriptor[] = [];

  private constructor(object: BpfObject, tracepoint: TracepointKind) {
    this.tracepoint = tracepoint;
    this.ring = object.map("ring");
    this.#connections = object.map("connections");
    this.#counters = object.map("counters");
    if (hasMapIterator()) this.#findMissed = object.program(FIND_MISSED);
  }

  /** Loads, attaches, and finds what was there before. @throws RingcapError KERNEL, PRIVILEGE; nothing stays then */
  static start(settings: ConnectionsSettings, kinds: readonly TracepointKind[] = TRACEPOINT_KINDS) {
    const fault = kernelBtfFault();
    if (fault !== undefined) {
      const operation = "load the connections program";
      const message = `${operation}: the kernel's own type information is missing: ${KERNEL_BTF_FILE} ${fault}`;
      throw new RingcapError(message, { code: "KERNEL", operation, hint: KERNEL_BTF_REMEDY });
    }
    for (const [index, kind] of kinds.entries()) {
      try {
        return ConnectionPrograms.#startWith(settings, kind);
      } catch (error) {
        const errno = errnoOf(error);
        const last = index === kinds.length - 1;
        if (last || errno === undefined || FINAL_ERRORS.has(errno)) {
          throw kernelError("load the connections program", error, undefined, TRACING);
        }
        settings.onNote(`the tracepoint ${TRACEPOINT} is used without BTF: ${reasonOf(error)}`);
      }
    }
    throw new Error("no kind of tracepoint to try");
  }

  static #startWith(settings: ConnectionsSettings, kind: TracepointKind): ConnectionPrograms {
    using object = loadConnections(settings, kind);
    fillFilterMaps(object, settings);
    if (!hasMapIterator()) {
      settings.onNote(
        "a connection whose end no program sees counts as still open: the kernel cannot walk over a table",
      );
    }
    const programs = new ConnectionPrograms(object, kind);
    try {
      for (const name of STATE_PROGRAMS[kind]) programs.#attach(object, name, kind === "raw_tp" ? TRACEPOINT : "");
      programs.#attachToAccept(object, settings);
      // The iterator runs after the tracepoint is attached, so that no connection begins unseen in between.
      for (const name of ["find_listeners", "find_connections"]) programs.#iterate(object, name);
    } catch (error) {
      programs.close();
      throw error;
    }
    return programs;
  }

  #attach(object: BpfObject, name: string, tracepoint: string): void {
    const program = object.program(name);
    this.#programs.push(program);
    this.#attachments.push(program.attachToTracepoint(tracepoint));
  }

  #attachToAccept(object: BpfObject, settings: ConnectionsSettings): void {
    try {
      this.#attach(object, "accept_returned", "sys_exit");
    } catch (error) {
      settings.onNote(`who accepts a connection shows only when it closes it: ${reasonOf(error)}`);
    }
  }

  #iterate(object: BpfObject, name: string): void {
    using program = object.program(name);
    program.iterate();
  }

  counters(): KernelConnectionCounters {
    const sum = Object.fromEntries(COUNTERS.map((name) => [name, 0])) as KernelConnectionCounters;
    const perCpu = this.#counters.lookup(unsigned32(0));
    if (perCpu === undefined) return sum;
    const words = new BigUint64Array(perCpu.buffer, perCpu.byteOffset, perCpu.byteLength / 8);
    for (let start = 0; start < words.length; start += CONNECTION_COUNTERS.size / 8) {
      for (const name of COUNTERS) sum[name] += Number(words[start + CONNECTION_COUNTERS[name] / 8] ?? 0n);
    }
    return sum;
  }

  /** Entries of the table of connections. */
  countRemembered(): number {
    return this.#connections.countEntries();
  }

  /**
   * Removes connections from the table that have ended unseen, and counts them. It works only while the programs are
   * attached, because afterwards every end is unseen.
   */
  findMissed(): void {
    this.#findMissed?.iterate(this.#connections);
  }

  /**
   * Detaches the programs, and returns when the last change of state is in the ring. Returns false where the kernel
   * cannot say when that is.
   */
  detach(): boolean {
    try {
      // The walk may skip the entries behind one that is deleted during it. The second walk meets them.
      for (let look = 0; look < 2; look++) this.findMissed();
    } finally {
      for (const attachment of this.#attachments) attachment.close();
      this.#attachments = [];
    }
    return waitForPrograms();
  }

  close(): void {
    for (const attachment of this.#attachments) attachment.close();
    for (const program of this.#programs) program.close();
    this.#findMissed?.close();
    this.ring.close();
    this.#connections.close();
    this.#counters.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Loads the programs, and attaches nothing. @throws a system failure with the verifier's log */
export function loadConnections(settings: ConnectionsSettings, kind: TracepointKind): BpfObject {
  const object = BpfObject.openBuiltIn("connections");
  try {
    configure(object, settings, kind);
    object.load();
    return object;
  } catch (error) {
    object.close();
    throw error;
  }
}

function configure(object: BpfObject, settings: ConnectionsSettings, kind: TracepointKind): void {
  const { filter, pids, comms, ringSize } = settings;
  object.setVariable("filter", filter.bytes);
  object.setUnsigned32("only_namespace", settings.ownNamespace ? ownNetworkNamespace() : 0);
  object.setUnsigned8("filter_pids", pids.length > 0 ? 1 : 0);
  object.setUnsigned8("filter_comms", comms.length > 0 ? 1 : 0);
  object.setUnsigned8("all_events", settings.events ? 1 : 0);
  object.setUnsigned8("process_details", settings.details ? 1 : 0);
  object.setUnsigned8("key_by_pointer", kind === "raw_tp" ? 1 : 0);
  object.setUnsigned32("wake_bytes", ringSize / 8);
  object.setVariable("accept_calls", acceptCalls());
  object.setMaxEntries("connections", settings.maxConnections);
  object.setMaxEntries("ring", ringSize);
  object.setMaxEntries("networks", Math.max(1, filter.networkCount));
  object.setMaxEntries("pids", Math.max(1, pids.length));
  object.setMaxEntries("comms", Math.max(1, comms.length));
  object.setAutoload(FIND_MISSED, hasMapIterator());
  for (const name of STATE_PROGRAMS.tp_btf) object.setAutoload(name, kind === "tp_btf");
  for (const name of STATE_PROGRAMS.raw_tp) object.setAutoload(name, kind === "raw_tp");
}

function fillFilterMaps(object: BpfObject, { filter, pids, comms }: ConnectionsSettings): void {
  if (filter.networkCount > 0) {
    using networks = object.map("networks");
    networks.updateAll(filter.networkKeys, new Uint8Array(filter.networkCount), filter.networkCount);
  }
  fillProcessMaps(object, { pids, comms });
}
