/** Every hint about commands and the host is followed that can be. */
import { existsSync, rmdirSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { startRingcap } from "../../support/cli.ts";
import { describeWith } from "../../support/privileges.ts";
import { commandHints } from "./command.ts";
import { hintFollower, needed } from "./following.ts";
import { hostHints } from "./host.ts";

describeWith(needed, "the hint that is followed", () => {
  const follower = hintFollower();
  const { follow } = follower;
  test.each(commandHints.map((row) => [row.hint, row] as const))("about commands: %s", (_hint, row) => follow(row));
  test.each(hostHints.map((row) => [row.hint, row] as const))("about the host: %s", (_hint, row) => follow(row));

  test("shows connections --half-open its cgroups under `ip netns exec`", async () => {
    const mountPoint = "/run/cgroup2";
    const args = ["connections", "--half-open", "--duration", "0.1"];
    const { network } = follower;
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
