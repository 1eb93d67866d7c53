import { afterEach, describe, expect, test, vi } from "vitest";
import { nextSeam } from "../../../src/outputs/rotation-clock.ts";

const at = (time: string) => Date.parse(time) / 1000;
afterEach(() => vi.unstubAllEnvs());

describe("a rotation by the clock", () => {
  test.each([
    ["2024-05-01T10:00:00Z", 60, "2024-05-01T10:01:00Z"],
    ["2024-05-01T10:00:59.999Z", 60, "2024-05-01T10:01:00Z"],
    ["2024-05-01T10:07:31Z", 900, "2024-05-01T10:15:00Z"],
    ["2024-05-01T10:07:31Z", 7, "2024-05-01T10:07:35Z"],
  ])("after %s every %i s is at %s", (now, period, seam) => {
    expect(new Date(nextSeam(at(now), period) * 1000)).toEqual(new Date(seam));
  });
});
