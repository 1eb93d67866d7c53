import { expect, test, vi } from "vitest";
import { canDraw } from "../../../src/cli/terminal-screen.ts";
import { screenLines, TopScreen } from "../../../src/cli/top-screen.ts";
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

test("a stop gives the terminal back, and drawing goes on behind it", () => {
  const done: string[] = [];
  const write = (text: string) => done.push(text.startsWith("\u001b[?1049h") ? "enter" : text) > 0;
  const kill = vi.spyOn(process, "kill").mockImplementation((pid, signal) => {
    expect(pid).toBe(process.pid);
    done.push(String(signal));
    return true;
  });
  const screen = new TopScreen({ write, writeNow: write, rows: undefined, onQuit: () => {} });
  process.emit("SIGTSTP");
  expect(done).toEqual(["enter", "\u001b[?25h\u001b[?1049l", "SIGSTOP", "enter"]);
  screen.close();
  expect(process.listeners("SIGTSTP")).toEqual([]);
  kill.mockRestore();
});
