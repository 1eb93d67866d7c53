/** What the rest of ringcap uses of explanations. */
export { disassemble, toCFragment, toDecimalNumbers } from "../filter/classic/disassemble.ts";
export { type ExplainedProgram, type ExplainOptions, type Explanation, explainFilter } from "./explain.ts";
export type { Check } from "./plan.ts";
export type { Verdict } from "./verdict.ts";
