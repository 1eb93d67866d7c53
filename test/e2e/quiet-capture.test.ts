import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type RunSummary, startRingcap } from "../support/cli.ts";
import { ethernet, ipv4, tcp } from "../support/frames.ts";
import { TestNetwork } from "../support/network.ts";
import { capinfos } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [requirements.bpf, requirements.namespaces, requirements.tools("ip", "tcpreplay", "capinfos")];
const frame = ethernet({ payload: ipv4({ payload: tcp() }) });
const FILE_SIZE = 24 + 16 + frame.length;

/** The contract, key by key; `toEqual` takes any order. */
function summaryOf(files: string[]): RunSummary {
  return {
    version: 1,
    seconds: expect.any(Number),
    interfaces: [{ name: "v0", hook: "xdp-native", direction: "in", linkType: 1 }],
    packets: {
      seen: 1,
      matched: 1,
      sampledOut: 0,
      rateLimited: 0,
      ringDropped: 0,
      overLimit: 0,
      written: 1,
      writeFailed: 0,
    },
    bytes: { written: FILE_SIZE },
    files,
  };
}

describeWith(needed, "a quiet capture", () => {
  test.each([
    ["", []],
    [" with -U", ["-U"]],
  ])("has its one packet in the file while it goes on%s", async (_case, options) => {
    await using network = await TestNetwork.create();
    const path = join(temporaryDirectory(), "quiet.pcap");
    const begun = performance.now();
    const words = ["-i", "v0", "--time-stamp-precision", "nano", ...options, "-w", path, "--json"];
    const ringcap = startRingcap(words, { prefix: network.commandIn("b") });
    await ringcap.listening();
    await network.sendFrames([frame]);
    await expect.poll(() => statSync(path).size).toBe(FILE_SIZE);
    expect(await capinfos(path)).toMatchObject({ packets: 1 });
    ringcap.child.kill("SIGINT");
    expect(await ringcap.exit).toMatchObject({ code: 0, stderr: expect.stringMatching(/^listening on .*\n$/) });
    const summary = await ringcap.json();
    expect(summary).toEqual(summaryOf([path]));
    expect(summary.seconds).toBeGreaterThan(0);
    expect(summary.seconds).toBeLessThan((performance.now() - begun) / 1000);
  });

  test("into standard output has its summary on standard error", async () => {
    await using network = await TestNetwork.create();
    const ringcap = startRingcap(["-i", "v0", "-w", "-", "-c", "1", "--json"], { prefix: network.commandIn("b") });
    await ringcap.listening();
    await network.sendFrames([frame]);
    const { code, stdout, stderr } = await ringcap.exit;
    expect(code).toBe(0);
    expect(stdout.length).toBe(FILE_SIZE);
    expect(Buffer.from(frame).equals(stdout.subarray(40))).toBe(true);
    expect(stderr).toMatch(/^listening on .*\n\{.*\}\n$/);
    expect(await ringcap.json("stderr")).toEqual(summaryOf(["-"]));
  });
});
