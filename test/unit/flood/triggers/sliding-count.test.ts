import { expect, test } from "vitest";
import { SlidingCount } from "../../../../src/flood/triggers/sliding-count.ts";
import { random } from "../../../support/random.ts";

function counted(...looks: readonly (readonly [elapsed: number, total: number])[]): number {
  const count = new SlidingCount();
  for (const [elapsed, total] of looks) count.add(elapsed, total);
  return count.lastSecond;
}

test("what was there before the first look does not count", () => {
  expect(counted([5, 1_000_000])).toBe(0);
  expect(counted([5, 1_000_000], [5.02, 1_020_001])).toBe(20_001);
});

test("an even rate is measured whatever the looks", () => {
  const next = random(7);
  const count = new SlidingCount();
  for (let elapsed = 0; elapsed < 600; elapsed += 0.001 + next() * (next() < 0.1 ? 3 : 0.1)) {
    count.add(elapsed, elapsed * 5000);
    if (elapsed > 1) expect(count.lastSecond).toBeCloseTo(5000, 5);
  }
});

test("what came more than a second ago is forgotten", () => {
  expect(counted([0, 0], [0.5, 900], [1, 900], [1.5, 900])).toBe(0);
  expect(counted([0, 0], [0.5, 900], [1, 900], [1.25, 900])).toBe(450);
});

test("after a long pause between looks, the rate is the average", () => {
  expect(counted([0, 0], [1, 0], [11, 30_000])).toBe(3000);
});

test("a counter that begins anew is no growth", () => {
  expect(counted([0, 0], [0.5, 9000], [1, 0])).toBe(0);
  expect(counted([0, 0], [0.5, 9000], [1, 0], [1.5, 70])).toBe(70);
});

test("two looks at one moment are taken", () => {
  expect(counted([1, 0], [1, 500])).toBe(500);
});
