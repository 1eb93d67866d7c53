/** What every Prometheus client tells of its process, by the same names. */
import { readdirSync } from "node:fs";
import type { Metric } from "./exposition.ts";

const MICROSECONDS = 1e6;
const startedAt = Date.now() / 1000 - process.uptime();

export function processMetrics(): Metric[] {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  const one = (type: Metric["type"], name: string, help: string, value: number): Metric => ({
    ...{ type, name, help },
    samples: [{ value }],
  });
  return [
    one("counter", "process_cpu_seconds_total", "Time of CPUs in seconds.", (user + system) / MICROSECONDS),
    one("gauge", "process_resident_memory_bytes", "Memory of the process in bytes.", rss),
    one("gauge", "process_start_time_seconds", "Start in seconds since the epoch.", startedAt),
    { type: "gauge", name: "process_open_fds", help: "Open descriptors.", samples: openDescriptors() },
    one("gauge", "nodejs_heap_size_used_bytes", "Memory of JavaScript objects in bytes.", heapUsed),
  ];
}

function openDescriptors(): Metric["samples"] {
  try {
    // One of them is the descriptor of the directory itself.
    return [{ value: readdirSync("/proc/self/fd").length - 1 }];
  } catch {
    return [];
  }
}
