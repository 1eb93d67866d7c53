/** Whether BPF programs run as machine code. Interpreted programs take several times as long. */
import type { Check } from "./check.ts";

/** @param jited whether the kernel compiled the capture program; undefined when it could not be loaded */
export function checkBpfJit(jited: boolean | undefined, setting: string | undefined): Check | undefined {
  const name = "BPF JIT";
  // What happened to a loaded program says more than the setting, which only the first network namespace shows.
  const compiled = jited ?? (setting === undefined ? undefined : setting.trim() !== "0");
  if (compiled === undefined) return undefined;
  if (compiled) return { name, status: "ok", finding: "on" };
  const finding = "off: programs are interpreted, at a fraction of the speed";
  return { name, status: "warning", finding, remedy: "sysctl -w net.core.bpf_jit_enable=1" };
}
