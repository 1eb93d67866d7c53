/**
 * Adds checks of divisors. In classic BPF a division by an X of zero ends the program without a match, and eBPF would
 * go on with zero.
 */
import type { Block, Step } from "./flow.ts";
import { writeOf } from "./flow.ts";

export function checkDivisors(blocks: readonly Block[]): Block[] {
  return blocks.map((block) => {
    const steps: Step[] = [];
    let checked = false;
    for (const step of block.steps) {
      const divides =
        step.kind === "alu" && step.operand === "X" && (step.operator === "div" || step.operator === "mod");
      if (divides && !checked) {
        steps.push({ kind: "check-divisor" });
        checked = true;
      }
      steps.push(step);
      if (writeOf(step) === "X") checked = false;
    }
    return { ...block, steps };
  });
}
