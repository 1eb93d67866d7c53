/** The project's own suite of captures, decided by the programs in the kernel. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { verifySuite } from "../../../src/replay/verify.ts";
import type { Job } from "../lib/job.ts";

/** What is said of link types that only files have: the host alone decides about those. */
const NO_PROGRAM = "no program of the kernel meets packets of link-type";

export const replay: Job = {
  name: "replay",
  async run(checks) {
    const { cases } = await verifySuite("fixtures/suite.json", { engine: "kernel" });
    const ofTheKernel = cases.filter(({ error }) => !error?.message.includes(NO_PROGRAM));
    await checks.check("most cases run in the kernel", () => ok(ofTheKernel.length > 0.8 * cases.length));
    for (const { name, engine, error, differences, mismatch } of ofTheKernel) {
      await checks.check(name, () => {
        if (error !== undefined) throw error;
        equal(engine, "kernel");
        deepEqual({ differences, mismatch }, { differences: [], mismatch: null });
      });
    }
  },
};
