/** The listeners of the host and the SYNs that reached each, as the programs of bpf/connections/half_open.bpf.c have them. */
import { closeSync, openSync } from "node:fs";
import { endianness } from "node:os";
import { RingcapError } from "../errors.ts";
import { COMM_LENGTH, LISTENER_RECORD, PROCESS } from "../generated/layouts.ts";
import { kernelError } from "../host/kernel-error.ts";
import { cgroupRoot } from "../native/cgroup.ts";
import type { BpfLink } from "../native/link.ts";
import type { BpfMap } from "../native/map.ts";
import { BpfObject } from "../native/object.ts";
import { AttachType, type BpfProgram } from "../native/program.ts";
import { formatIpv4Address, formatIpv6Address } from "../pcap-parser/headers/address.ts";

const LITTLE_ENDIAN = endianness() === "LE";

export interface Listener {
  cookie: bigint;
  /** The process that has it open; of several, the one with the lowest number. */
  pid: number;
  uid: number;
  comm: string;
  networkNamespace: number;
  family: 4 | 6;
  localAddress: string;
  localPort: number;
  /** Connections in SYN_RECV. */
  synReceived: number;
  /** Connections that wait for accept(2), and how many may. */
  acceptQueue: number;
  acceptQueueLimit: number;
  /** Packets for which the listener had no room since it listens. */
  drops: number;
  /** SYNs that reached the listener since the table was opened. */
  syns: number;
}

export class ListenerTable implements Disposable {
  readonly #iterator: BpfProgram;
  readonly #counter: BpfProgram;
  readonly #syns: BpfMap;
  readonly #link: BpfLink;

  private constructor(object: BpfObject, cgroup: string) {
    this.#iterator = object.program("list_listeners");
    this.#counter = object.program("count_syns");
    this.#syns = object.map("syns");
    const descriptor = openSync(cgroup, "r");
    try {
      this.#link = this.#counter.attach(descriptor, AttachType.CGROUP_INET_INGRESS);
    } finally {
      closeSync(descriptor);
    }
  }

  /** @throws RingcapError PRIVILEGE or KERNEL; nothing is left attached then */
  static open(): ListenerTable {
    const operation = "count SYNs";
    const cgroup = cgroupRoot();
    if (cgroup === undefined) {
      throw new RingcapError(`${operation}: cgroup version 2 is not mounted`, {
        code: "KERNEL",
        operation,
        hint: "mount it, outside of `ip netns exec`: `mkdir -p /run/cgroup2 && mount -t cgroup2 none /run/cgroup2`",
      });
    }
    try {
      using object = BpfObject.openBuiltIn("half_open");
      object.load();
      return new ListenerTable(object, cgroup);
    } catch (error) {
      throw kernelError(operation, error);
    }
  }

  /** The present listeners. */
  read(): Listener[] {
    const bytes = this.#iterator.iterate();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const listeners = new Map<bigint, Listener>();
    for (let at = 0; at < bytes.length; at += LISTENER_RECORD.size) {
      const listener = readListener(view, at);
      const { cookie } = listener;
      if (listeners.has(cookie)) continue;
      const count = this.#syns.lookup(new Uint8Array(BigUint64Array.of(cookie).buffer));
      if (count !== undefined) listener.syns = Number(new BigUint64Array(count.buffer, count.byteOffset, 1)[0]);
      listeners.set(cookie, listener);
    }
    return [...listeners.values()];
  }

  close(): void {
    this.#link.close();
    this.#counter.close();
    this.#iterator.close();
    this.#syns.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function readListener(view: DataView, at: number): Listener {
  const unsigned32 = (field: number) => view.getUint32(at + field, LITTLE_ENDIAN);
  const bytes = Buffer.from(view.buffer, view.byteOffset + at, LISTENER_RECORD.size);
  const comm = bytes.subarray(LISTENER_RECORD.process + PROCESS.comm).subarray(0, COMM_LENGTH);
  const address = bytes.subarray(LISTENER_RECORD.address);
  const family = view.getUint8(at + LISTENER_RECORD.family) === 6 ? 6 : 4;
  return {
    cookie: view.getBigUint64(at + LISTENER_RECORD.cookie, LITTLE_ENDIAN),
    pid: unsigned32(LISTENER_RECORD.process + PROCESS.pid),
    uid: unsigned32(LISTENER_RECORD.process + PROCESS.uid),
    comm: comm.toString("utf8").replace(/\0.*$/s, ""),
    networkNamespace: unsigned32(LISTENER_RECORD.networkNamespace),
    family,
    localAddress: family === 6 ? formatIpv6Address(address) : formatIpv4Address(address),
    localPort: view.getUint16(at + LISTENER_RECORD.port, LITTLE_ENDIAN),
    synReceived: unsigned32(LISTENER_RECORD.synReceived),
    acceptQueue: unsigned32(LISTENER_RECORD.acceptQueue),
    acceptQueueLimit: unsigned32(LISTENER_RECORD.acceptQueueLimit),
    drops: unsigned32(LISTENER_RECORD.drops),
    syns: 0,
  };
}
