import { expect, test } from "vitest";
import { canDraw, screenLines } from "../../../src/cli/top-screen.ts";
import type { TopView } from "../../../src/flood/index.ts";

test("the tables share the lines of the screen, and nothing is wider than it", () => {
  const entries = Array.from({ length: 50 }, (_, index) => {
    return { key: `192.0.2.${index}\u001b[31m`, packets: 100 - index, bytes: 1, syns: 0, error: 0, standardError: 0 };
  });
  const table = { entries, evicted: 0, missedAtMost: 9, oneIn: 1 };
  const totals = { packets: 5000, bytes: 1, tcp: 5000 } as TopView["totals"];
  const tables = new Map([["src", table] as const, ["dst", table] as const]);
  const view: TopView = { beganAt: 0n, seconds: 1, tables, totals, history: [1] };
  const keys = (lines: readonly string[]) => lines.filter((line) => line.startsWith("192.")).length;
  const lines = screenLines(view, { width: 60, height: 24, rows: undefined, order: "packets" });
  expect(lines.length).toBeLessThanOrEqual(24);
  expect(keys(lines)).toBe(14);
  expect(Math.max(...lines.map((line) => line.length))).toBe(60);
  expect(lines.join("")).not.toContain("\u001b");
  expect(keys(screenLines(view, { width: 60, height: 24, rows: 3, order: "packets" }))).toBe(6);
  expect(screenLines(view, { width: 10, height: 2, rows: undefined, order: "packets" })).toHaveLength(2);
});

test("only a terminal that understands escape sequences is drawn on", () => {
  expect([canDraw(true, "xterm"), canDraw(true, undefined), canDraw(true, "dumb"), canDraw(false, "xterm")]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
