/** Prints the outcome of `ringcap verify` for people, as TAP, for readers of JUnit's XML, and as JSON. */

import { printable, printableJson } from "../outputs/index.ts";
import type { CaseOutcome, SuiteOutcome } from "../replay/index.ts";
import { counted } from "./counted.ts";

export interface ReportContext {
  /** Whether differences were written into the goldens. */
  update: boolean;
}

type Reporter = (outcomes: readonly SuiteOutcome[], context: ReportContext) => string;

/** Returns the cases of a suite. What is wrong with the suite as a whole counts as one more case. */
function casesOf({ cases, error }: SuiteOutcome): readonly CaseOutcome[] {
  if (error === undefined) return cases;
  const none = { engine: undefined, hook: undefined, seconds: 0, packets: 0, sha256: "", mismatch: null };
  return [...cases, { name: "the suite", capture: "", ...none, differences: [], error }];
}

/** Returns what is wrong with a case, with one line for each difference. */
function troubles({ differences, error }: CaseOutcome): string[] {
  if (error === undefined) return differences;
  // The message about an expression has a second line, in which a caret shows the place.
  return [...error.message.split("\n"), ...(error.hint === undefined ? [] : [error.hint])];
}

function isGood(outcome: CaseOutcome, { update }: ReportContext): boolean {
  return outcome.error === undefined && (update || outcome.differences.length === 0);
}

function engineText({ engine, hook }: CaseOutcome): string {
  return engine === undefined ? "" : [engine, hook].filter(Boolean).join(" ");
}

const spec: Reporter = (outcomes, context) => {
  const lines: string[] = [];
  for (const suite of outcomes) {
    lines.push(suite.path);
    for (const outcome of casesOf(suite)) {
      const changed = context.update && outcome.error === undefined && outcome.differences.length > 0;
      const mark = changed ? "updated" : isGood(outcome, context) ? "ok" : "failed";
      const details =
        outcome.engine === undefined || outcome.error !== undefined
          ? ""
          : ` (${counted(outcome.packets, "packet")}, ${engineText(outcome)})`;
      lines.push(`  ${mark.padEnd(7)} ${outcome.name}${details}`);
      for (const trouble of troubles(outcome)) lines.push(`          ${changed ? "was: " : ""}${trouble}`);
    }
  }
  const cases = outcomes.flatMap(casesOf);
  const failed = cases.filter((outcome) => !isGood(outcome, context)).length;
  lines.push(`${cases.length - failed} passed, ${failed} failed`);
  return lines.map((line) => `${printable(line)}\n`).join("");
};

/** Prints the Test Anything Protocol, version 14 (testanything.org). */
const tap: Reporter = (outcomes, context) => {
  const cases = outcomes.flatMap((suite) => casesOf(suite).map((outcome) => ({ path: suite.path, outcome })));
  const lines = ["TAP version 14", `1..${cases.length}`];
  for (const [index, { path, outcome }] of cases.entries()) {
    const good = isGood(outcome, context);
    const name = printable(`${path}: ${outcome.name}`).replaceAll(/[\\#]/g, "\\$&");
    lines.push(`${good ? "ok" : "not ok"} ${index + 1} - ${name}`);
    if (good) continue;
    // A JSON text is a YAML text too.
    lines.push("  ---", `  capture: ${printableJson(outcome.capture)}`, "  differences:");
    lines.push(...troubles(outcome).map((trouble) => `    - ${printableJson(trouble)}`), "  ...");
  }
  return `${lines.join("\n")}\n`;
};

const junit: Reporter = (outcomes, context) => {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"];
  for (const suite of outcomes) {
    const { path } = suite;
    const cases = casesOf(suite);
    const errors = cases.filter(({ error }) => error !== undefined).length;
    const failures = cases.filter((outcome) => !isGood(outcome, context)).length - errors;
    const seconds = cases.reduce((sum, outcome) => sum + outcome.seconds, 0).toFixed(6);
    lines.push(
      `  <testsuite name="${xml(path)}" tests="${cases.length}" failures="${failures}" errors="${errors}" time="${seconds}">`,
    );
    for (const outcome of cases) {
      const head = `    <testcase name="${xml(outcome.name)}" classname="${xml(path)}" time="${outcome.seconds.toFixed(6)}"`;
      if (isGood(outcome, context)) {
        lines.push(`${head}/>`);
        continue;
      }
      const kind = outcome.error === undefined ? "failure" : "error";
      const [first = "", ...rest] = troubles(outcome);
      lines.push(
        `${head}>`,
        `      <${kind} message="${xml(first)}">${[first, ...rest].map(xml).join("\n")}</${kind}>`,
      );
      lines.push("    </testcase>");
    }
    lines.push("  </testsuite>");
  }
  return `${[...lines, "</testsuites>"].join("\n")}\n`;
};

/** Returns one line without the characters that XML 1.0 does not allow (section 2.2). */
function xml(text: string): string {
  const names: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return printable(text)
    .replaceAll(/[\ufffe\uffff]/gu, "")
    .replaceAll(/[&<>"]/g, (character) => names[character] ?? "");
}

const json: Reporter = (outcomes, context) => {
  const rows = outcomes.flatMap(casesOf);
  const passed = rows.filter((outcome) => isGood(outcome, context)).length;
  const suites = outcomes.map(({ path, error: fault, cases }) => ({
    path,
    error: errorObject(fault),
    cases: cases.map(({ error, ...outcome }) => ({
      ...outcome,
      passed: error === undefined && outcome.differences.length === 0,
      updated: context.update && error === undefined && outcome.differences.length > 0,
      error: errorObject(error),
    })),
  }));
  return `${printableJson({ version: 1, passed, failed: rows.length - passed, suites }, 2)}\n`;
};

function errorObject(error: CaseOutcome["error"]) {
  return error === undefined ? null : { code: error.code, message: error.message, hint: error.hint ?? null };
}

export const reporters = { spec, tap, junit, json } as const satisfies Record<string, Reporter>;
export type ReporterName = keyof typeof reporters;
