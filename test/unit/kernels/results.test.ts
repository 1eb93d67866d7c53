import { expect, test } from "vitest";
import { closingLine, failures, table } from "../../../scripts/kernels/report.mjs";
import { Results } from "../../../scripts/kernels/results.mjs";

const said = (message: object) => `ringcap-kernels ${JSON.stringify(message)}`;
const plan = said({ type: "plan", release: "6.1.0", jobs: ["send", "replay"] });
const passed = (job: string) => said({ type: "passed", job });
const ended = (job: string, checks: number) => said({ type: "ended", job, checks, seconds: 1 });
const complete = said({ type: "complete" });
const whole = [plan, passed("send"), ended("send", 1), passed("replay"), ended("replay", 1), complete];

function resultsOf(lines: readonly string[], reason?: string): Results {
  const results = new Results();
  for (const line of lines) results.take(line);
  results.end(reason);
  return results;
}

const runOf = (results: Results) => [{ kernel: "6.1", results, seconds: 2 }];

test("counts the checks of all jobs", () => {
  const results = resultsOf(whole);
  expect(results).toMatchObject({ passed: 2, failed: 0, release: "6.1.0" });
  expect(closingLine(runOf(results))).toBe("2 passed, 0 failed\n");
  expect(table(runOf(results))).toContain("6.1 (6.1.0)");
});

test("takes a line behind what the console began with", () => {
  expect(resultsOf(whole.map((line) => `[    4.2] ${line}`))).toMatchObject({ passed: 2, failed: 0 });
});

test("names the check that failed", () => {
  const failed = said({ type: "failed", job: "send", check: "live frames", error: "they were not" });
  const results = resultsOf(whole.map((line) => (line === passed("send") ? failed : line)));
  expect(results).toMatchObject({ passed: 1, failed: 1 });
  expect(failures(runOf(results))).toContain("FAILED 6.1: send: live frames\n    they were not\n");
});

test.each([
  ["a guest that never ran a job", [], undefined, /switched off before the end/],
  ["a guest that had to be ended", whole, "it was not off after 900 s", /it was not off after 900 s/],
  ["a guest that panicked in a job", [...whole.slice(0, 4), "Kernel panic"], undefined, /Kernel panic/],
  ["a guest without the last word", whole.slice(0, -1), undefined, /switched off before the end/],
  ["a lost result", whole.filter((line) => line !== passed("send")), undefined, /0 of 1 results came/],
  ["a job without a check", [plan, ended("send", 0), ...whole.slice(3)], undefined, /it checked nothing/],
])("counts as failed: %s", (_, lines, reason, words) => {
  const results = resultsOf(lines, reason);
  expect(results.failed).toBeGreaterThan(0);
  expect(failures(runOf(results))).toMatch(words);
});
