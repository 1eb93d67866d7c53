/** The sets of processes that a program looks up: the maps `pids` and `comms`. */
import { COMM_LENGTH } from "../generated/layouts.ts";
import { unsigned32 } from "../native/map.ts";
import type { BpfObject } from "../native/object.ts";

export interface ProcessSets {
  readonly pids: readonly number[];
  /** At most 15 bytes each. */
  readonly comms: readonly string[];
}

/** After loading. */
export function fillProcessMaps(object: BpfObject, { pids, comms }: ProcessSets): void {
  using pidMap = object.map("pids");
  for (const pid of pids) pidMap.update(unsigned32(pid), Uint8Array.of(1));
  using commMap = object.map("comms");
  for (const comm of comms) {
    const name = new Uint8Array(COMM_LENGTH);
    name.set(Buffer.from(comm));
    commMap.update(name, Uint8Array.of(1));
  }
}
