import { expect, test } from "vitest";
import { SamplingPolicy } from "../../../src/flood/sampling-policy.ts";

const SIZE = 200e6;
const LOOK = 0.2;

/** Records a flood, and returns how many bytes were recorded and how the sampling went. */
function record(longest: number, bytesPerSecond: (elapsed: number) => number) {
  const policy = new SamplingPolicy();
  const steps: number[] = [];
  let recorded = 0;
  let estimated = 0;
  for (let elapsed = 0; elapsed < longest; elapsed += LOOK) {
    const rate = bytesPerSecond(elapsed);
    if (policy.decide({ elapsed, longest, bytesLeft: SIZE - recorded, bytesPerSecond: rate })) steps.push(policy.oneIn);
    recorded += (rate * LOOK) / policy.oneIn;
    estimated += rate * LOOK;
  }
  return { recorded, estimated, steps, last: policy.oneIn };
}

test.each([
  ["a hundred times what fits", 600, 200e6 / 6],
  ["three million packets a second for ten minutes", 600, 350e6],
  ["a little more than what fits", 300, 1e6],
  ["what fits easily", 300, 1e5],
])("an incident of %s stays within its size and uses half of it where there is enough", (_, longest, rate) => {
  const { recorded, steps } = record(longest, () => rate);
  expect(recorded).toBeLessThanOrEqual(SIZE);
  expect(recorded).toBeGreaterThanOrEqual(Math.min(SIZE / 2, rate * longest * 0.999));
  for (const oneIn of steps) expect(Number.isInteger(Math.log2(oneIn))).toBe(true);
});

test("a flood of ten seconds that fits seven times into the size is recorded whole", () => {
  const { recorded, steps } = record(300, (elapsed) => (elapsed < 10 ? SIZE / 70 : 0));
  expect(steps).toEqual([]);
  expect(recorded).toBeGreaterThanOrEqual((10 * SIZE) / 70);
});

test("the sampling goes back soon where the flood grows weak, and does not swing", () => {
  const { steps, last } = record(300, (elapsed) => (elapsed < 60 ? 50e6 : 1e4));
  expect(last).toBe(1);
  expect(steps.length).toBeLessThanOrEqual(10);
  // A rate that goes up and down by a fifth about a power of two.
  const swinging = record(300, (elapsed) => 20e6 * (1 + 0.2 * Math.sin(elapsed)));
  expect(swinging.steps.length).toBeLessThanOrEqual(12);
});
