/** Whether the kernel has what a capture at TC needs before Linux 6.6: the clsact qdisc, and filters in BPF for it. */
import { type KernelFacts, readKernelFacts } from "../host/kernel-facts.ts";
import { hasTcx } from "../host/kernel-features.ts";
import { moduleHint, TC_MODULES } from "../host/kernel-hints.ts";
import type { Check } from "./check.ts";

/** Undefined where TC has chains of programs (TCX). */
export function checkClsactModules(tcx: boolean = hasTcx(), facts: KernelFacts = readKernelFacts()): Check | undefined {
  if (tcx) return undefined;
  const name = "modules for TC";
  const missing = TC_MODULES.filter((module) => !facts.isModuleAtHand(module));
  if (missing.length === 0) return { name, status: "ok", finding: TC_MODULES.join(" and ") };
  const finding = `${missing.join(" and ")} not loaded: nothing can be captured at TC`;
  return { name, status: "warning", finding, remedy: moduleHint(facts) };
}
