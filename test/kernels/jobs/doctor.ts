/** What doctor says of the kernel, beside what the kernel then does. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { RingcapError } from "../../../src/errors.ts";
import { diagnose } from "../../../src/index.ts";
import { runOrFail } from "../../support/run.ts";
import { attachOnce, everyOption } from "../lib/attach.ts";
import { loadModule, makePair } from "../lib/guest.ts";
import type { Job } from "../lib/job.ts";

const MODPROBE = /modprobe [-\w ]+/;
const TC_MODULES = ["sch_ingress", "cls_bpf"];

/** Before the other jobs: TC's modules are not loaded yet, and nothing loads them by itself. */
export const missingModules: Job = {
  name: "without TC's modules",
  async run(checks) {
    await makePair();
    const failure = failureOf(() => attachOnce({ hook: "tc" }));
    const remedies = () => diagnose().checks.flatMap(({ remedy = "" }) => MODPROBE.exec(remedy)?.[0] ?? []);
    await checks.check("doctor names the modules exactly if a capture at TC fails without them", () => {
      equal(remedies().length > 0, failure !== undefined, `it failed: ${failure}`);
    });
    if (failure !== undefined) {
      await checks.check("the error's hint works when it is followed", async () => {
        ok(failure instanceof RingcapError, String(failure));
        match(failure.hint ?? "", MODPROBE);
        await runOrFail("sh", ["-c", MODPROBE.exec(failure.hint ?? "")?.[0] ?? ""]);
        attachOnce({ hook: "tc" });
        deepEqual(remedies(), []);
      });
    }
    for (const name of TC_MODULES) await loadModule(name);
  },
};

const programChecks = [
  ["capture program at XDP", "xdp-native"],
  ["capture program at TC", "tc"],
] as const;

export const doctor: Job = {
  name: "doctor",
  async run(checks) {
    await makePair();
    const { checks: said, canCapture } = diagnose();
    const works = ({ hook }: { hook: "xdp-native" | "tc" }) =>
      [{}, everyOption].every((filter) => failureOf(() => attachOnce({ hook, filter })) === undefined);
    for (const [name, hook] of programChecks) {
      await checks.check(`"${name}" is ok exactly if its programs attach`, () => {
        const check = said.find((candidate) => candidate.name === name);
        ok(check !== undefined, `doctor has no such check: ${said.map((candidate) => candidate.name).join(", ")}`);
        equal(check.status === "ok", works({ hook }), check.finding);
      });
    }
    await checks.check("captures are possible exactly if one of the hooks takes them", () => {
      equal(
        canCapture,
        programChecks.some(([, hook]) => works({ hook })),
      );
    });
  },
};

function failureOf(act: () => void): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error ?? "undefined was thrown";
  }
}
