/** The rest of what the addon asks the kernel: clocks, promiscuous mode, features, XDP slots. */
import { addon } from "./addon.ts";
import type { Descriptor } from "./descriptor.ts";
import { withCpusFromSys } from "./kernel-files.ts";
import type { NetworkInterface } from "./network-interface.ts";

export type { NetworkInterface } from "./network-interface.ts";

/** Loads the native addon, as the first use of it does by itself. @throws RingcapError INSTALLATION */
export function loadAddon(): void {
  addon();
}

/** The two clocks in nanoseconds: CLOCK_REALTIME = CLOCK_MONOTONIC + epochOffset. */
export function readClocks(): { monotonic: bigint; epochOffset: bigint } {
  return addon().readClocks();
}

/** Seconds by which local time is ahead of UTC at a second since the epoch, up to 2^32 - 1, as tzset(3) understands TZ. */
export function localTimeOffset(second: number): number {
  return addon().localTimeOffset(second);
}

/** A descriptor that is woken whenever somebody sets the system's clock. */
export function createClockStepWatch(): Descriptor {
  return addon().createClockStepWatch();
}

/** Keeps an interface promiscuous until the descriptor is closed or the process ends, however it ends. */
export function enterPromiscuousMode(interfaceIndex: number): Descriptor {
  return addon().enterPromiscuousMode(interfaceIndex);
}

/**
 * Waits until every BPF program that runs at the time of the call has ended.
 *
 * @returns false where the kernel cannot say (nohz_full)
 */
export function waitForPrograms(): boolean {
  return addon().waitForPrograms();
}

/** CPU numbers that this machine may ever have, from 0. */
export function possibleCpus(): number {
  return withCpusFromSys("count the CPUs", () => addon().possibleCpus());
}

/** XDP_ATTACHED_* of include/uapi/linux/if_link.h. */
const XDP_MODES = ["none", "native", "generic", "hardware", "multi"] as const;

export interface XdpSlot {
  mode: (typeof XDP_MODES)[number];
  /** 0 when the slot is free. */
  programId: number;
}

export function queryXdp(interfaceIndex: number): XdpSlot {
  const { mode, programId } = addon().queryXdp(interfaceIndex);
  return { mode: XDP_MODES[mode] ?? "multi", programId };
}

/** enum bpf_func_id, as far as it is probed for. */
export const Helper = { RINGBUF_RESERVE: 131, XDP_LOAD_BYTES: 189 } as const;

export function supportsProgramType(type: number): boolean {
  return addon().probeProgramType(type);
}

export function supportsMapType(type: number): boolean {
  return addon().probeMapType(type);
}

export function supportsHelper(programType: number, helper: number): boolean {
  return addon().probeHelper(programType, helper);
}

/** The interfaces of this process's network namespace. */
export function listInterfaces(): NetworkInterface[] {
  return addon().listInterfaces();
}

/** The index of the interface of a name or alternative name; undefined when there is none. */
export function interfaceIndexOf(name: string): number | undefined {
  const index = addon().interfaceIndexOf(name);
  return index === 0 ? undefined : index;
}
