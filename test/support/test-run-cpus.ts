/** On which CPUs programs run by BPF_PROG_TEST_RUN: on that of the thread that asks, which is the process's main one. */
import { execFileSync } from "node:child_process";
import { onTestFinished } from "vitest";
import { onlineCpus } from "../../src/host/online-cpus.ts";

/** Until the test is over. It needs the tool taskset. */
export function moveTo(cpus: readonly number[]): void {
  setAffinity(cpus);
  onTestFinished(() => setAffinity(onlineCpus()));
}

function setAffinity(cpus: readonly number[]): void {
  execFileSync("taskset", ["-p", "-c", cpus.join(","), String(process.pid)]);
}
