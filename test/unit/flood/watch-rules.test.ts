import { join } from "node:path";
import { expect, test } from "vitest";
import { parseTrigger } from "../../../src/flood/index.ts";
import { WatchRules } from "../../../src/flood/watch-rules.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { observationAt } from "./observations.ts";

test("what came to an earlier capture begins no incident of the next one", () => {
  const path = join(temporaryDirectory(), "usual-rates.json");
  const rules = new WatchRules(
    [parseTrigger("1000/s")],
    path,
    () => false,
    () => {},
  );
  const holdsAt = (elapsed: number, packets: number) =>
    rules.observe(observationAt({ elapsed, totals: { packets } })).length > 0;
  expect([holdsAt(0, 0), holdsAt(0.1, 5000), holdsAt(0.2, 5000)]).toEqual([false, true, true]);
  rules.begin();
  expect([holdsAt(0.3, 5000), holdsAt(0.4, 5000), holdsAt(0.5, 7000)]).toEqual([false, false, true]);
});
