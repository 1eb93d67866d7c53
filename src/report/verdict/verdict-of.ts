/** Says what happened, from the facts of a whole report. */
import type { Verdict } from "./verdict.ts";
import type { VerdictFacts } from "./verdict-facts.ts";

export function verdictOf(_facts: VerdictFacts): Verdict {
  return {
    kind: "none",
    title: "No flood and no scan",
    confidence: 0,
    target: null,
    reflector: null,
    begins: null,
    ends: null,
    seconds: null,
    peak: null,
    packets: 0,
    bytes: 0,
    spoofed: { is: "unknown", confidence: 0, reasons: [] },
    reasons: [],
  };
}
