import { expect, test } from "vitest";
import { expectNothingAttached } from "../support/attachments.ts";
import { insist, type RunningRingcap, startRingcap } from "../support/cli.ts";
import { startFlood } from "../support/flood.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { readTerminal, stalledTerminal } from "../support/terminal.ts";

const needed = [requirements.bpf, requirements.namespaces, requirements.tools("ip", "tc", "bpftool", "python3")];

/** tcpdump's lines of the end, as numbers. */
function countsOf(stderr: string) {
  const count = (what: string) => Number(new RegExp(`^(\\d+) packets? ${what}`, "m").exec(stderr)?.[1]);
  return { captured: count("captured"), matched: count("received by filter"), dropped: count("dropped by kernel") };
}

function isRunning({ child }: RunningRingcap): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Captures lines on a terminal that nobody reads, in a flood that it cannot hold. */
async function startStalled(network: TestNetwork, options: readonly string[], ...descriptors: readonly (1 | 2)[]) {
  const prefix = [...network.commandIn("b"), ...stalledTerminal(...descriptors)];
  const ringcap = startRingcap(["-i", "v0", "-B", "1", ...options], { prefix });
  if (!descriptors.includes(2)) await ringcap.listening();
  return ringcap;
}

describeWith(needed, "a capture whose terminal nobody reads", () => {
  test("is detached when its duration is over, and has every packet that it counts once somebody reads", async () => {
    await using network = await TestNetwork.create();
    const ringcap = await startStalled(network, ["--action", "drop", "--duration", "2"], 1);
    await startFlood(network, { frames: 50_000 }).done;
    await expectNothingAttached(network);
    expect(isRunning(ringcap)).toBe(true);
    readTerminal(ringcap);
    const { code, stderr, stdout } = await ringcap.exit;
    const { captured, matched, dropped } = countsOf(stderr);
    expect(stdout.toString().split("\n").length - 1).toBe(captured);
    expect(captured + dropped).toBe(matched);
    expect(dropped).toBeGreaterThan(0);
    expect(code).toBe(1);
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "is detached by %s, and ended by the next one",
    async (signal) => {
      await using network = await TestNetwork.create();
      const ringcap = await startStalled(network, ["--action", "drop"], 1);
      await startFlood(network, { frames: 50_000 }).done;
      ringcap.child.kill(signal);
      await expectNothingAttached(network);
      expect(isRunning(ringcap)).toBe(true);
      const { code, stderr } = await insist(ringcap, signal);
      expect(code).toBe(1);
      expect(stderr).toContain("write standard output: stopped before everything was written");
      const { captured, matched, dropped } = countsOf(stderr);
      const unwritten = Number(/(\d+) could not be written/.exec(stderr)?.[1]);
      expect(captured + dropped + unwritten).toBe(matched);
      expect(matched).toBe(50_000);
    },
  );
});
