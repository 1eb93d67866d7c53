import { CAPTURE_COUNTERS } from "../../src/generated/layouts.ts";
import { addon } from "../../src/native/addon.ts";
import { BpfMap } from "../../src/native/map.ts";

/** BPF_MAP_TYPE_PERCPU_ARRAY of include/uapi/linux/bpf.h. */
export const PERCPU_ARRAY = 6;

/** The map of counters that a program expects: one value for each CPU. */
export function countersMap(): BpfMap {
  return new BpfMap(addon().createMap(PERCPU_ARRAY, 4, CAPTURE_COUNTERS.size, 1, 0, "counters"));
}
