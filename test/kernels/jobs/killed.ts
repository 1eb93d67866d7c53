/** What a capture leaves in the kernel when its process is killed, as ip, tc and bpftool see it. */
import { deepEqual, equal } from "node:assert/strict";
import { release } from "node:os";
import { spawnRingcap } from "../../support/ringcap-process.ts";
import { run, runOrFail } from "../../support/run.ts";
import { makePair, receiver } from "../lib/guest.ts";
import type { Job } from "../lib/job.ts";
import { until } from "../lib/until.ts";

/** TCX came with 6.6. */
const [major = 0, minor = 0] = release().split(".").map(Number);
const hasTcx = major > 6 || (major === 6 && minor >= 6);

export const killed: Job = {
  name: "killed",
  async run(checks) {
    await makePair();
    for (const hook of ["xdp-native", "xdp-generic", "tc"] as const) {
      const stays = hook === "tc" && !hasTcx;
      await checks.check(`${hook}: ${stays ? "its filter stays" : "nothing stays"} attached`, async () => {
        const capture = await start(hook);
        const during = await attachments();
        equal(during.programs.length > 0, true);
        deepEqual(during.filters.length, stays ? 1 : 0);
        equal(during.xdp, hook !== "tc");
        await kill(capture);
        if (stays) {
          await until("the filter alone is left", async () => (await attachments()).filters.length === 1 || undefined);
        } else {
          await until("nothing is left", isNothingLeft);
        }
      });
    }
    if (hasTcx) return;
    await checks.check("the next start removes the filter, and its end its own", async () => {
      const capture = await start("tc");
      equal((await attachments()).filters.length, 1);
      capture.child.kill("SIGINT");
      equal((await capture.exit).code, 0);
      await until("nothing is left", isNothingLeft);
    });
  },
};

async function start(hook: string) {
  const capture = spawnRingcap(["capture", "-i", receiver, "--hook", hook, "-w", "/tmp/killed.pcap"]);
  await capture.listening();
  return capture;
}

async function kill(capture: Awaited<ReturnType<typeof start>>): Promise<void> {
  capture.child.kill("SIGKILL");
  await capture.exit;
}

async function attachments() {
  const [programs, link, filters] = await Promise.all([
    runOrFail("bpftool", ["--json", "prog", "show"]),
    runOrFail("ip", ["-json", "link", "show", "dev", receiver]),
    // There is no such qdisc where nothing was attached by it.
    run("tc", ["filter", "show", "dev", receiver, "ingress"]),
  ]);
  const named = JSON.parse(programs.stdout) as { name?: string }[];
  const [state] = JSON.parse(link.stdout) as [{ xdp?: unknown }];
  return {
    programs: named.filter(({ name }) => name?.startsWith("capture_")),
    xdp: state.xdp !== undefined,
    filters: filters.stdout.split("\n").filter((line) => line.includes("handle 0x")),
  };
}

async function isNothingLeft(): Promise<true | undefined> {
  const { programs, xdp, filters } = await attachments();
  return (programs.length === 0 && !xdp && filters.length === 0) || undefined;
}
