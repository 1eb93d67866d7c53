/** Runs `ringcap compile`, which shows what becomes of an expression and of the filter options. */

import { usageError } from "../errors.ts";
import {
  disassemble,
  type ExplainedProgram,
  type Explanation,
  explainFilter,
  toCFragment,
  toDecimalNumbers,
} from "../explain/index.ts";
import { printableJson } from "../outputs/index.ts";
import type { CompileFlags } from "./compile-options.ts";
import { counted } from "./counted.ts";
import { toFilterOptions } from "./filter-options.ts";
import { print, sayNote } from "./messages.ts";

/** Runs the command. @returns the exit code */
export function runCompile(words: readonly string[], flags: CompileFlags): number {
  const filter = toFilterOptions(flags, words);
  const { linkType, hook, optimize, dump, verbose, json } = flags;
  if (dump !== undefined) {
    const hasOptions = Object.entries(filter).some(([name, value]) => name !== "expression" && value !== undefined);
    if (hasOptions || json || verbose) {
      throw usageError("--dump", "prints nothing but an expression: it goes with no filter option, --json or -v");
    }
    filter.expression ??= "";
  }
  const explanation = explainFilter({ filter, linkType, hook, optimize, verify: verbose, onNote: sayNote });
  if (dump !== undefined) print(`${dumped(explanation, dump)}\n`);
  else print(json ? `${printableJson(toJson(explanation))}\n` : `${toText(explanation)}\n`);
  return 0;
}

function dumped({ expression }: Explanation, times: number): string {
  const form = times === 1 ? disassemble : times === 2 ? toCFragment : toDecimalNumbers;
  return form(expression?.classic ?? []);
}

function toText(explanation: Explanation): string {
  const { link, hook, expression, verdict } = explanation;
  const place = hook === null ? "no program of the kernel meets its packets" : `hook ${hook}`;
  const sections = [`link-type ${link.name} (${link.description}), ${place}\n${plan(explanation)}`];
  if (expression !== null) {
    const { classic, ebpf } = expression;
    sections.push(`The expression as classic BPF, ${counted(classic.length, "instruction")}:\n${disassemble(classic)}`);
    const [first, second] = ebpf;
    if (first !== undefined) sections.push(ebpfSection(first, second));
  }
  if (verdict !== null) {
    const ofExpression = verdict.expression === null ? "" : `${verdict.expression} instructions of the expression and `;
    sections.push(
      `The verifier accepts it, after ${ofExpression}${verdict.capture} instructions of the capture program.`,
    );
  }
  return sections.join("\n\n");
}

function plan({ expression, checks }: Explanation): string {
  const steps = [
    ...(expression === null ? [] : [`the expression matches: ${expression.text.trim().replaceAll(/\s+/g, " ")}`]),
    ...checks.map(({ option, condition, set }) => `${condition} (${option}${set === undefined ? "" : `; ${set}`})`),
  ];
  if (steps.length === 0) return "Every packet matches.";
  return ["A packet matches when", ...steps.map((step, index) => `${index + 1}. ${step}`)].join("\n");
}

function ebpfSection(first: ExplainedProgram, second: ExplainedProgram | undefined): string {
  const stand =
    second === undefined
      ? ""
      : `; where the verifier finds it too complex, another program of ${second.instructions} instructions is loaded`;
  const size = `${first.instructions} instructions, ${first.bytes} bytes${stand}`;
  return `The expression as eBPF, ${size}:\n${first.lines.join("\n")}`;
}

function toJson({ link, hook, expression, checks, verdict }: Explanation): object {
  return {
    version: 1,
    linkType: link.linkType,
    hook,
    expression: expression === null ? null : { ...expression, listing: disassemble(expression.classic).split("\n") },
    checks: checks.map(({ option, condition, set }) => ({ option, condition, set: set ?? null })),
    verdict,
  };
}
