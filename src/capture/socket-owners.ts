/** Follows which process each socket belongs to (bpf/owners/socket_owners.bpf.c), as long as a capture asks for it. */
import { closeSync, openSync } from "node:fs";
import { RingcapError, reasonOf } from "../errors.ts";
import { COMMAND_LAUNCHER } from "../generated/layouts.ts";
import { KERNEL_BTF_FILE, KERNEL_BTF_REMEDY, kernelBtfFault } from "../host/kernel-btf.ts";
import { kernelError } from "../host/kernel-error.ts";
import { cgroupRoot } from "../native/cgroup.ts";
import { type BpfMap, unsigned32 } from "../native/map.ts";
import { BpfObject } from "../native/object.ts";
import { AttachType, type BpfProgram } from "../native/program.ts";
import { acceptCalls } from "../native/system-calls.ts";
import type { CaptureSettings } from "./options.ts";

const OPERATION = "follow the processes of sockets";

/** The programs that follow a command. */
const FOLLOWING = ["process_forked", "process_exited"] as const;

/** The maps that the capture program needs. */
export type SocketOwnerMaps = Pick<SocketOwners, "owners" | "acceptors" | "commandConnections">;

/** Loads the programs, and attaches nothing. @throws a system failure with the verifier's log */
export function loadSocketOwners(followsCommand = false): BpfObject {
  const object = BpfObject.openBuiltIn("socket_owners");
  try {
    object.setVariable("accept_calls", acceptCalls());
    object.setUnsigned8("follows_command", followsCommand ? 1 : 0);
    for (const name of FOLLOWING) object.setAutoload(name, followsCommand);
    object.load();
    return object;
  } catch (error) {
    object.close();
    throw error;
  }
}

export class SocketOwners implements Disposable {
  /**
   * The notes that sockets carry, and the table of processes that accepted connections. The capture program shares
   * both.
   */
  readonly owners: BpfMap;
  readonly acceptors: BpfMap;
  /** The ends of the connections of a command. */
  readonly commandConnections: BpfMap;
  readonly #launcher: BpfMap;
  /** The attachments, which last until they are closed. */
  readonly #held: { close(): void }[] = [];

  private constructor(object: BpfObject) {
    this.owners = object.map("socket_owners");
    this.acceptors = object.map("acceptors");
    this.commandConnections = object.map("command_connections");
    this.#launcher = object.map("command_launcher");
  }

  /**
   * Loads and attaches the programs, and finds the sockets that existed before.
   *
   * @throws RingcapError KERNEL, PRIVILEGE; nothing stays then
   */
  static start({ onNote, onlyCommand }: Pick<CaptureSettings, "onNote" | "onlyCommand">): SocketOwners {
    const fault = kernelBtfFault();
    if (fault !== undefined) {
      const message = `${OPERATION}: the kernel's own type information is missing: ${KERNEL_BTF_FILE} ${fault}`;
      throw new RingcapError(message, { code: "KERNEL", operation: OPERATION, hint: KERNEL_BTF_REMEDY });
    }
    let owners: SocketOwners | undefined;
    try {
      using object = loadSocketOwners(onlyCommand);
      owners = new SocketOwners(object);
      for (const name of ["state_changed_first", "state_changed_second", "state_changed_third"]) {
        owners.#hold(object.program(name), (program) => program.attachToTracepoint());
      }
      owners.#hold(object.program("accept_returned"), (program) => program.attachToTracepoint("sys_exit"));
      if (onlyCommand) {
        for (const name of FOLLOWING) {
          owners.#hold(object.program(name), (program) => program.attachToTracepoint());
        }
      }
      owners.#attachToCreation(object, onNote, onlyCommand);
      // The iterator runs after the programs are attached, so that no socket begins unseen in between.
      using iterator = object.program("find_sockets");
      iterator.iterate();
      return owners;
    } catch (error) {
      owners?.close();
      throw kernelError(OPERATION, error);
    }
  }

  /** The programs see a UDP socket only when it is created. They see a TCP socket also when it connects or listens. */
  #attachToCreation(object: BpfObject, onNote: (note: string) => void, onlyCommand: boolean): void {
    const unseen = onlyCommand
      ? "UDP packets of the command are not captured"
      : "UDP sockets that are opened from now on show no process";
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

  /** Calls the function: what this process starts meanwhile is the command. */
  launch<Started>(start: () => Started): Started {
    this.#setLaunching(true);
    try {
      return start();
    } finally {
      this.#setLaunching(false);
    }
  }

  #setLaunching(isLaunching: boolean): void {
    const key = unsigned32(0);
    const launcher = this.#launcher.lookup(key);
    if (launcher === undefined) return;
    launcher.set(unsigned32(isLaunching ? 1 : 0), COMMAND_LAUNCHER.isLaunching);
    this.#launcher.update(key, launcher);
  }

  #hold(program: BpfProgram, attach: (program: BpfProgram) => { close(): void }): void {
    this.#held.push(program);
    this.#held.push(attach(program));
  }

  close(): void {
    for (const held of this.#held.splice(0).reverse()) held.close();
    this.owners.close();
    this.acceptors.close();
    this.commandConnections.close();
    this.#launcher.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
