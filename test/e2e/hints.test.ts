/** Hints that are commands are followed, where that changes nothing outside of the test. */
import { existsSync, rmdirSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { startRingcap } from "../support/cli.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";

const needed = [requirements.root, requirements.bpf, requirements.namespaces, requirements.tools("ip", "unshare")];
const mountPoint = "/run/cgroup2";

describeWith(needed, "the hint that is followed", () => {
  test("shows connections --half-open its cgroups under `ip netns exec`", async () => {
    await using network = await TestNetwork.create();
    const args = ["connections", "--half-open", "--duration", "0.1"];
    const refused = await startRingcap(args, { prefix: network.commandIn("b") }).exit;
    expect(refused.stderr).toMatch(/^ringcap: error: count SYNs: cgroup version 2 is not mounted$/m);
    expect(refused.code).toBe(1);
    const [, hint = "false"] = /^ringcap: mount it, outside of `ip netns exec`: `(.*)`$/m.exec(refused.stderr) ?? [];
    expect(hint).toContain(mountPoint);
    if (!existsSync(mountPoint)) onTestFinished(() => rmdirSync(mountPoint));
    const following = ["unshare", "--mount", "sh", "-c", `${hint} && exec "$@"`, "sh", ...network.commandIn("b")];
    const { code, stderr } = await startRingcap(args, { prefix: following }).exit;
    expect(code, stderr).toBe(0);
  });
});
