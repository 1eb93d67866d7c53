import { describe, expect, test } from "vitest";
import { Schedule } from "../../../src/send/schedule.ts";

describe("frames are due", () => {
  test("by the gaps of the file, however the seconds carry", () => {
    const schedule = new Schedule({ kind: "times", multiplier: 1, maxGap: 60 });
    expect(schedule.next(1_700_000_000, 999_999_000, true)).toBe(0);
    expect(schedule.next(1_700_000_001, 500, true)).toBe(1_500);
    expect(schedule.next(1_700_000_003, 500, true)).toBe(2_000_001_500);
  });

  test("so many times as fast with a multiplier", () => {
    const schedule = new Schedule({ kind: "times", multiplier: 4, maxGap: 60 });
    schedule.next(10, 0, true);
    expect(schedule.next(11, 0, true)).toBe(250_000_000);
    const slow = new Schedule({ kind: "times", multiplier: 0.5, maxGap: 60 });
    slow.next(10, 0, true);
    expect(slow.next(11, 0, true)).toBe(2_000_000_000);
  });

  test("at once when the file's time goes back, and on from there", () => {
    const schedule = new Schedule({ kind: "times", multiplier: 1, maxGap: 60 });
    schedule.next(10, 0, true);
    expect(schedule.next(11, 0, true)).toBe(1e9);
    expect(schedule.next(5, 0, true)).toBe(1e9);
    expect(schedule.next(5, 1000, true)).toBe(1e9 + 1000);
  });

  test("with the frame before when they have no time", () => {
    const schedule = new Schedule({ kind: "times", multiplier: 1, maxGap: 60 });
    schedule.next(10, 0, true);
    schedule.next(11, 0, true);
    expect(schedule.next(0, 0, false)).toBe(1e9);
    expect(schedule.next(12, 0, true)).toBe(2e9);
  });

  test("at a rate, whatever the file says, without the error of one interval adding up", () => {
    const schedule = new Schedule({ kind: "rate", packetsPerSecond: 3 });
    const due = Array.from({ length: 300_001 }, () => schedule.next(7, 7, true));
    expect(due[1]).toBeCloseTo(1e9 / 3, 3);
    expect(due.at(-1)).toBeCloseTo(1e14, -1);
  });

  test.each([
    [
      "with the last frame of the pass before, by the file's times",
      { kind: "times", multiplier: 2, maxGap: 60 } as const,
      5e8,
    ],
    ["one interval after it, at a rate", { kind: "rate", packetsPerSecond: 1000 } as const, 2e6],
  ])("in the next pass %s", (_, pace, length) => {
    const schedule = new Schedule(pace);
    for (let pass = 0; pass < 3; pass++) {
      expect(schedule.next(10, 0, true)).toBe(0);
      schedule.next(11, 0, true);
      expect(schedule.rewind()).toBe(length);
    }
  });
});

describe("a long gap", () => {
  const hours = 18 * 3600;

  function scheduled(maxGap: number, multiplier = 1) {
    const notes: string[] = [];
    const schedule = new Schedule({ kind: "times", multiplier, maxGap }, (note) => notes.push(note));
    const pass = () =>
      [10, 11, 11 + hours, 12 + hours, 12 + 2 * hours].map((time) => schedule.next(time, 0, true) / 1e9);
    return { schedule, notes, pass };
  }

  test("is shortened, counted, and told once, however often the file is sent", () => {
    const { schedule, notes, pass } = scheduled(60);
    expect(pass()).toEqual([0, 1, 61, 62, 122]);
    expect(schedule.shortened).toEqual({ gaps: 2, seconds: 2 * (hours - 60) });
    expect(schedule.rewind()).toBe(122e9);
    expect(pass()).toEqual([0, 1, 61, 62, 122]);
    expect(schedule.shortened).toEqual({ gaps: 2, seconds: 2 * (hours - 60) });
    expect(notes).toEqual([
      "frame 3 is due 64800.0 s after the one before it: sent after 60 s (`maxGap: 0` waits for all of it)",
    ]);
  });

  test("is waited for and told where no limit is wanted", () => {
    const { schedule, notes, pass } = scheduled(Number.POSITIVE_INFINITY);
    expect(pass()).toEqual([0, 1, 1 + hours, 2 + hours, 2 + 2 * hours]);
    expect(schedule.shortened).toEqual({ gaps: 0, seconds: 0 });
    expect(notes).toEqual(["frame 3 is due 64800.0 s after the one before it"]);
  });

  test("is one that is long after the multiplier", () => {
    const { notes, pass } = scheduled(60, 10_000);
    expect(pass()).toEqual([0, 0.0001, 6.4801, 6.4802, 12.9602].map((time) => expect.closeTo(time, 6)));
    expect(notes).toEqual([]);
  });
});
