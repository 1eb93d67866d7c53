// What a process has used, from /proc (proc_pid_schedstat(5), proc_pid_smaps(5)).
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Seconds of CPU of all threads that live. @param {number} pid */
export function cpuSeconds(pid) {
  let nanoseconds = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]);
  }
  return nanoseconds / 1e9;
}

/**
 * MiB: the most that was resident so far, and what of it are packet rings shared with the kernel, those of BPF maps and
 * of packet sockets.
 *
 * @param {number} pid
 */
export function memory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  let rings = 0;
  let isRing = false;
  for (const line of readFileSync(`/proc/${pid}/smaps`, "utf8").split("\n")) {
    if (/^[0-9a-f]+-/.test(line)) isRing = /anon_inode:bpf-map|socket:\[/.test(line);
    else if (isRing && line.startsWith("Rss:")) rings += Number(/\d+/.exec(line)?.[0]) / 1024;
  }
  return { peak, rings };
}

const ticksPerSecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** Seconds of user time of the whole machine (proc_stat(5)). */
export function machineUserSeconds() {
  const [, user = 0, nice = 0] = readFileSync("/proc/stat", "utf8").split(/\s+/, 3).map(Number);
  return (user + nice) / ticksPerSecond;
}

/** Seconds of user time of a process. @param {number} pid */
export function userSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return Number(fields[11]) / ticksPerSecond;
}
