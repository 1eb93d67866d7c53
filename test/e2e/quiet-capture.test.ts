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
function summaryOf(files: readonly string[]): RunSummary {
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
    ["within a second", [], 1000],
    ["at once with -U", ["-U"], 200],
  ])("has its one packet in the file %s", async (_case, options, milliseconds) => {
    await using network = await TestNetwork.create();
    const path = join(temporaryDirectory(), "quiet.pcap");
    const words = ["-i", "v0", "--time-stamp-precision", "nano", ...options, "-w", path, "--json"];
    const ringcap = startRingcap(words, { prefix: network.commandIn("b") });
    await ringcap.listening();
    await network.sendFrames([frame]);
    await expect.poll(() => statSync(path).size, { timeout: 5000 }).toBe(FILE_SIZE);
    const { mtimeNs } = statSync(path, { bigint: true });
    const { firstPacketNanoseconds = 0n } = await capinfos(path);
    // The clock of file times ticks every 4 ms at best, so a file may seem older than its packet.
    expect(Number(mtimeNs - firstPacketNanoseconds) / 1e6).toBeLessThan(milliseconds);
    ringcap.child.kill("SIGINT");
    expect(await ringcap.exit).toMatchObject({ code: 0, stderr: expect.stringMatching(/^listening on .*\n$/) });
    const summary = await ringcap.json();
    expect(summary).toEqual(summaryOf([path]));
    expect(summary.seconds).toBeGreaterThan(0);
    expect(summary.seconds).toBeLessThan(10);
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
