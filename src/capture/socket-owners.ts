/** Follows which process each socket belongs to (bpf/owners/socket_owners.bpf.c), as long as a capture asks for it. */
import { closeSync, openSync } from "node:fs";
import { RingcapError, reasonOf } from "../errors.ts";
import { KERNEL_BTF_FILE, KERNEL_BTF_REMEDY, kernelBtfFault } from "../host/kernel-btf.ts";
import { kernelError } from "../host/kernel-error.ts";
import { cgroupRoot } from "../native/cgroup.ts";
import type { BpfMap } from "../native/map.ts";
import { BpfObject } from "../native/object.ts";
import { AttachType, type BpfProgram } from "../native/program.ts";
import { acceptCalls } from "../native/system-calls.ts";

const OPERATION = "follow the processes of sockets";

/** What the capture program needs of it. */
export type SocketOwnerMaps = Pick<SocketOwners, "owners" | "acceptors">;

/** Loads the programs, and attaches nothing. @throws a system failure with the verifier's log */
export function loadSocketOwners(): BpfObject {
  const object = BpfObject.openBuiltIn("socket_owners");
  try {
    object.setVariable("accept_calls", acceptCalls());
    object.load();
    return object;
  } catch (error) {
    object.close();
    throw error;
  }
}

export class SocketOwners implements Disposable {
  /** What each socket carries, and who accepted connections: shared with the capture program. */
  readonly owners: BpfMap;
  readonly acceptors: BpfMap;
  /** What stays attached until it is closed. */
  readonly #held: { close(): void }[] = [];

  private constructor(object: BpfObject) {
    this.owners = object.map("socket_owners");
    this.acceptors = object.map("acceptors");
  }

  /**
   * Loads, attaches, and finds the sockets that were there before.
   *
   * @throws RingcapError KERNEL, PRIVILEGE; nothing stays then
   */
  static start(onNote: (note: string) => void): SocketOwners {
    const fault = kernelBtfFault();
    if (fault !== undefined) {
      const message = `${OPERATION}: the kernel's own type information is missing: ${KERNEL_BTF_FILE} ${fault}`;
      throw new RingcapError(message, { code: "KERNEL", operation: OPERATION, hint: KERNEL_BTF_REMEDY });
    }
    let owners: SocketOwners | undefined;
    try {
      using object = loadSocketOwners();
      owners = new SocketOwners(object);
      for (const name of ["state_changed_first", "state_changed_second", "state_changed_third"]) {
        owners.#hold(object.program(name), (program) => program.attachToTracepoint());
      }
      owners.#hold(object.program("accept_returned"), (program) => program.attachToTracepoint("sys_exit"));
      owners.#attachToCreation(object, onNote);
      // After the rest: nothing can begin unseen in between.
      using iterator = object.program("find_sockets");
      iterator.iterate();
      return owners;
    } catch (error) {
      owners?.close();
      throw kernelError(OPERATION, error);
    }
  }

  /** Of a UDP socket nothing but its creation is seen; a TCP socket is seen when it connects or listens, too. */
  #attachToCreation(object: BpfObject, onNote: (note: string) => void): void {
    const unseen = "UDP sockets that are opened from now on show no process";
    const root = cgroupRoot();
    if (root === undefined) {
      onNote(`${unseen}: cgroup version 2 is not mounted here (ip netns exec hides it, nsenter --net does not)`);
      return;
    }
    try {
      const descriptor = openSync(root, "r");
      try {
        this.#hold(object.program("socket_created"), (program) => {
          return program.attach(descriptor, AttachType.CGROUP_INET_SOCK_CREATE);
        });
      } finally {
        closeSync(descriptor);
      }
    } catch (error) {
      onNote(`${unseen}: ${reasonOf(error)}`);
    }
  }

  #hold(program: BpfProgram, attach: (program: BpfProgram) => { close(): void }): void {
    this.#held.push(program);
    this.#held.push(attach(program));
  }

  close(): void {
    for (const held of this.#held.splice(0).reverse()) held.close();
    this.owners.close();
    this.acceptors.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
