import { expect, it } from "vitest";
import { BoundedMap } from "../../../src/outputs/lines/line-memory.ts";

it("forgets what was remembered longest ago, and no more than that", () => {
  const map = new BoundedMap<number>(3);
  for (const [index, key] of ["a", "b", "c"].entries()) map.set(key, index);
  // What is remembered anew is the latest.
  map.set("a", 9);
  map.set("d", 3);
  expect([map.get("a"), map.get("b"), map.get("c"), map.get("d")]).toEqual([9, undefined, 2, 3]);
});
