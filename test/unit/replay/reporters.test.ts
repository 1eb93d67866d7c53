import { expect, test } from "vitest";
import { formatProgress } from "../../../src/cli/progress.ts";
import { reporters } from "../../../src/cli/verify-reporters.ts";
import { RingcapError } from "../../../src/errors.ts";
import type { CaseOutcome } from "../../../src/replay/outcome.ts";

const passed: CaseOutcome = {
  name: "good",
  capture: "a.pcap",
  engine: "kernel",
  hook: "xdp",
  seconds: 0.5,
  packets: 3,
  sha256: "00",
  differences: [],
  mismatch: null,
  error: undefined,
};
const failed: CaseOutcome = { ...passed, name: 'odd #1 \\ <"&>\u0007', differences: ["2 packets match, expected 3"] };
const error = new RingcapError("read a.pcap: no such file", { code: "INPUT", operation: "read a.pcap" });
const broken: CaseOutcome = { ...passed, name: "broken", engine: undefined, hook: undefined, error };
const suites = [{ path: "s.json", cases: [passed, failed, broken], error: undefined }];
const unreadable = [{ path: "u.json", cases: [], error }];

test("spec counts what passed and shows what did not, without control characters", () => {
  const text = reporters.spec(suites, { update: false });
  expect(text).toContain("ok      good (3 packets, kernel xdp)\n");
  expect(text).toContain(
    'failed  odd #1 \\ <"&>\\u0007 (3 packets, kernel xdp)\n          2 packets match, expected 3\n',
  );
  expect(text).toContain("failed  broken\n          read a.pcap: no such file\n");
  expect(text).toMatch(/1 passed, 2 failed\n$/);
});

test("the lines of a message are lines of every report", () => {
  const fault = new RingcapError("compile the expression: syntax error\n  tcp prt 80\n      ^~~", {
    code: "USAGE",
    operation: "compile the expression",
  });
  const outcomes = [{ path: "s.json", cases: [{ ...broken, error: fault }], error: undefined }];
  const indented = "syntax error\n            tcp prt 80\n                ^~~\n";
  expect(reporters.spec(outcomes, { update: false })).toContain(indented);
  expect(reporters.junit(outcomes, { update: false })).toContain("syntax error\n  tcp prt 80\n      ^~~</error>");
  expect(reporters.tap(outcomes, { update: false })).toContain('    - "  tcp prt 80"\n');
});

test("spec tells an updated case from one that could not run", () => {
  const text = reporters.spec(suites, { update: true });
  expect(text).toContain("          was: 2 packets match, expected 3\n");
  expect(text).toMatch(/2 passed, 1 failed\n$/);
});

test("TAP has a plan, a line a case, and escapes what TAP would read", () => {
  const lines = reporters.tap(suites, { update: false }).split("\n");
  expect(lines.slice(0, 3)).toEqual(["TAP version 14", "1..3", "ok 1 - s.json: good"]);
  expect(lines).toContain('not ok 2 - s.json: odd \\#1 \\\\ <"&>\\\\u0007');
  expect(lines).toContain('    - "2 packets match, expected 3"');
});

test("JUnit tells failures from errors and holds no character that XML forbids", () => {
  const text = reporters.junit(suites, { update: false });
  expect(text).toContain('<testsuite name="s.json" tests="3" failures="1" errors="1" time="1.500000">');
  expect(text).toContain('name="odd #1 \\ &lt;&quot;&amp;&gt;\\u0007"');
  expect(text).toContain('<error message="read a.pcap: no such file">');
  expect(text).not.toContain("\u0007");
});

test("JSON has the outcome of each case", () => {
  const report = JSON.parse(reporters.json(suites, { update: false }));
  expect(report).toMatchObject({ version: 1, passed: 1, failed: 2 });
  expect(report.suites[0].cases.map((outcome: { passed: boolean }) => outcome.passed)).toEqual([true, false, false]);
  expect(report.suites[0].cases[2].error.code).toBe("INPUT");
});

test("progress shows packets, and the share of a file whose size is known", () => {
  expect(formatProgress({ position: 50, size: 200, packets: 12_345 })).toBe("12,345 packets (25 %)");
  expect(formatProgress({ position: 50, size: 0, packets: 1 })).toBe("1 packets");
});

test("a suite that cannot be used is a failure in every report", () => {
  const context = { update: true };
  expect(reporters.spec(unreadable, context)).toBe(
    "u.json\n  failed  the suite\n          read a.pcap: no such file\n0 passed, 1 failed\n",
  );
  expect(reporters.tap(unreadable, context)).toMatch(/^TAP version 14\n1\.\.1\nnot ok 1 - u\.json: the suite\n/);
  const junit = reporters.junit(unreadable, context);
  expect(junit).toContain('<testsuite name="u.json" tests="1" failures="0" errors="1"');
  expect(junit).toContain('<error message="read a.pcap: no such file">');
  const report = JSON.parse(reporters.json(unreadable, context));
  expect(report).toMatchObject({ passed: 0, failed: 1, suites: [{ error: { code: "INPUT" }, cases: [] }] });
});
