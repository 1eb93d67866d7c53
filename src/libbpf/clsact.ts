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

/** Makes the qdisc where there is none. The filter outlives the process. */
export function attachClsact(program: BpfProgram, place: ClsactPlace): void {
  addon().attachClsact(program.descriptor, place.interfaceIndex, place.egress, place.handle, place.priority);
}

export function detachClsact(place: ClsactPlace): void {
  addon().detachClsact(place.interfaceIndex, place.egress, place.handle, place.priority);
}

/** The number of the filter's program; 0 when there is no such filter, or no such interface any more. */
export function clsactProgramId(place: ClsactPlace): number {
  return addon().queryClsact(place.interfaceIndex, place.egress, place.handle, place.priority);
}
