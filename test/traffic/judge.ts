/** The verdict on a trial, by the whole analysis. */
import type { Verdict } from "../../src/report/verdict/verdict.ts";
import { verdictOf } from "../../src/report/verdict/verdict-of.ts";
import { interimFacts } from "./interim-facts.ts";
import type { Trial } from "./trial.ts";

export async function judge(trial: Trial): Promise<Verdict> {
  return verdictOf(interimFacts(trial));
}
