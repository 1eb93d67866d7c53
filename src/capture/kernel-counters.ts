/** The counters of the capture program, as the kernel keeps them for each CPU (struct capture_counters). */
import { CAPTURE_COUNTERS } from "../generated/layouts.ts";
import { type BpfMap, unsigned32 } from "../native/map.ts";

/** The kernel's counts of packets, summed over all CPUs. */
export interface KernelCounters {
  seen: number;
  matched: number;
  sampledOut: number;
  rateLimited: number;
  submitted: number;
  ringFull: number;
  copyFailed: number;
}

export const NO_COUNTERS: Readonly<KernelCounters> = {
  seen: 0,
  matched: 0,
  sampledOut: 0,
  rateLimited: 0,
  submitted: 0,
  ringFull: 0,
  copyFailed: 0,
};

const COUNTERS = Object.keys(NO_COUNTERS) as (keyof KernelCounters)[];

export function addCounters(sum: KernelCounters | undefined, more: KernelCounters): KernelCounters {
  const added = { ...more };
  for (const name of COUNTERS) added[name] += sum?.[name] ?? 0;
  return added;
}

/** The sum over all CPUs. @throws a system failure */
export function readCounters(map: BpfMap): KernelCounters {
  const perCpu = map.lookup(unsigned32(0));
  const sum: KernelCounters = { ...NO_COUNTERS };
  if (perCpu === undefined) return sum;
  const words = new BigUint64Array(perCpu.buffer, perCpu.byteOffset, perCpu.byteLength / 8);
  for (let start = 0; start < words.length; start += CAPTURE_COUNTERS.size / 8) {
    for (const name of COUNTERS) {
      sum[name] += Number(words[start + CAPTURE_COUNTERS[name] / 8] ?? 0n);
    }
  }
  return sum;
}
