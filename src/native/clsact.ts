/** TC before Linux 6.6: filters of the clsact qdisc. */
import { addon } from "./addon.ts";
import type { BpfProgram } from "./program.ts";

/** Where a filter sits. Handle and priority are its name among the filters of the interface. */
export interface ClsactPlace {
  interfaceIndex: number;
  egress: boolean;
  handle: number;
  priority: number;
}

/** A filter as the kernel lists it. */
export interface ClsactFilter {
  priority: number;
  /** ETH_P_* of include/uapi/linux/if_ether.h. */
  protocol: number;
  handle: number;
  /** "bpf", "flower" and the like. */
  kind: string;
  /** The number of the filter's program; 0 for kinds other than "bpf". */
  programId: number;
}

/** Attaches a filter, and makes the qdisc where there is none. The filter outlives the process. */
export function attachClsact(program: BpfProgram, { interfaceIndex, egress, handle, priority }: ClsactPlace): void {
  addon().attachClsact(program.descriptor, interfaceIndex, egress, handle, priority, false);
}

/** Puts a program in the place of the one that a filter has, between two packets. */
export function replaceClsact(program: BpfProgram, { interfaceIndex, egress, handle, priority }: ClsactPlace): void {
  addon().attachClsact(program.descriptor, interfaceIndex, egress, handle, priority, true);
}

/** The filters of one direction in the order in which they run; none where there is no clsact qdisc. */
export function listClsact(interfaceIndex: number, egress: boolean): ClsactFilter[] {
  return addon().listClsact(interfaceIndex, egress);
}

export function detachClsact(place: ClsactPlace): void {
  addon().detachClsact(place.interfaceIndex, place.egress, place.handle, place.priority);
}

/** The number of the filter's program; 0 when there is no such filter, or no such interface any more. */
export function clsactProgramId(place: ClsactPlace): number {
  return addon().queryClsact(place.interfaceIndex, place.egress, place.handle, place.priority);
}
