import { expect, test } from "vitest";
import { startRingcap } from "../support/cli.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";

const needed = [requirements.bpf, requirements.namespaces, requirements.tools("ip", "ethtool")];

describeWith(needed, "a capture on a veth", () => {
  test.each([
    ["auto", "xdp-native", "off"],
    ["xdp-generic", "xdp-generic", "on"],
    ["tc", "tc", "on"],
  ])("with --hook %s says whether segmentation offload is gone from the other end", async (hook, used, offload) => {
    await using network = await TestNetwork.create();
    const ringcap = startRingcap(["-i", "v0", "--hook", hook, "-v"], { prefix: network.commandIn("b") });
    await ringcap.waitForStderr(new RegExp(`^listening on v0 \\(${used}, in\\)`, "m"));
    const { stdout } = await network.exec("a", "ethtool", ["-k", "v1"]);
    expect(stdout).toMatch(new RegExp(`^tcp-segmentation-offload: ${offload}$`, "m"));
    const note = "v0 is a veth: native XDP takes segmentation offload from its other end";
    expect(ringcap.stderr().includes(note)).toBe(offload === "off");
    ringcap.child.kill("SIGINT");
    expect(await ringcap.exit).toMatchObject({ code: 0 });
  });
});
