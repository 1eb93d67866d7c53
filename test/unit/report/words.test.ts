import { describe, expect, test } from "vitest";
import {
  compact,
  duration,
  estimated,
  packetRate,
  percent,
  sure,
  sureness,
  withUnit,
} from "../../../src/report/words/numbers.ts";
import { epochMilliseconds, shownTime, timeOfDay } from "../../../src/report/words/times.ts";

describe("numbers as people read them", () => {
  test("one packet is a packet, and an answer is as sure as it is", () => {
    expect([1, 2, 412_345].map(packetRate)).toEqual(["1 packet/s", "2 packets/s", "412 k packets/s"]);
    expect(sure(0.75)).toBe("75 % sure");
  });

  test.each([
    [0, "0"],
    [0.1234, "0.123"],
    [9876, "9,876"],
    [9999.4, "9,999"],
    [12_345, "12.3 k"],
    [999_499, "999 k"],
    [999_500, "1 M"],
    [1_234_567, "1.23 M"],
    [Number.MAX_SAFE_INTEGER, "9.01 P"],
  ])("%d is %s", (value, text) => {
    expect(compact(value)).toBe(text);
  });

  test.each([
    [0, "0 %"],
    [0.0001, "<0.1 %"],
    [0.0005, "0.1 %"],
    [0.973, "97.3 %"],
    [0.9996, ">99.9 %"],
    [1, "100 %"],
    [Number.NaN, "–"],
  ])("the share %d is %s", (share, text) => {
    expect(percent(share)).toBe(text);
  });

  test.each([
    [0.0123, "12.3 ms"],
    [12.34, "12.3 s"],
    [59.96, "1 min"],
    [212.7, "3 min 33 s"],
    [7500, "2 h 5 min"],
    [273_600, "3 d 4 h"],
  ])("%d seconds are %s", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  test("units take prefixes, and estimates their error", () => {
    expect(withUnit(1_230_000_000, "B")).toBe("1.23 GB");
    expect(withUnit(512, "B")).toBe("512 B");
    expect(estimated({ value: 1_234_567, error: 0.008 })).toBe("about 1.23 M (±0.8 %)");
    expect(estimated({ value: 3, error: 0.065 })).toBe("about 3");
    expect(estimated({ value: 1_234_567, error: 0 })).toBe("1,234,567");
    expect(sureness(0.97)).toBe("almost certain (97 %)");
  });
});

describe("times as people read them", () => {
  test("keep their zone", () => {
    expect(shownTime("2026-11-28T07:40:09.123456789+01:00")).toBe("2026-11-28 07:40:09.123 +01:00");
    expect(shownTime("2026-11-28T07:40:09.123456789Z", 0)).toBe("2026-11-28 07:40:09 UTC");
    expect(timeOfDay("2026-11-28T07:40:09.123456789-05:30", 6)).toBe("07:40:09.123456");
    expect(epochMilliseconds("1970-01-01T01:00:00.250000000+01:00")).toBe(250);
  });

  test.each(["", "noon", "2026-11-28", "2026-13-45T99:99:99Z\n"])("%j stays as it is", (text) => {
    expect(shownTime(text)).toBe(text);
    expect(epochMilliseconds(text)).toBeNull();
  });
});
