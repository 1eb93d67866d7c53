/** --sample of captures, judged by what tshark and editcap read from the files. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { onlineCpus } from "../../src/host/online-cpus.ts";
import { expectAddsUp, numberedFrames, startFileCapture } from "../support/capturing.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { tsharkFields } from "../support/tshark-fields.ts";

const PACKETS = 10_000;
const needed = [
  ...[requirements.root, requirements.bpf, requirements.namespaces],
  requirements.tools("tcpreplay", "editcap", "tshark"),
];
/** Each CPU counts by itself. */
const cpus = onlineCpus().length;

describeWith(needed, "a capture", () => {
  test.each([
    ["--hook", "xdp"],
    ["--hook", "tc", "-Q", "inout"],
    ["--hook", "packet"],
  ])("of one packet in ten counts the others, and tells of them (%s %s)", async (...hook) => {
    await using network = await TestNetwork.create();
    const file = join(temporaryDirectory(), "sampled.pcapng");
    const capture = await startFileCapture(network, ["-i", "v0", "--sample", "10", ...hook], { file });
    await network.sendFrames(numberedFrames(PACKETS / 10), { loop: 10 });
    const { exit, summary, packets } = await capture.finish();
    expect(exit).toMatchObject({ code: 0, stderr: expect.not.stringContaining("incomplete") });
    expectAddsUp(summary);
    const { written, sampledOut } = summary.packets;
    expect(summary.packets).toMatchObject({ matched: PACKETS, rateLimited: 0, ringDropped: 0 });
    expect(Math.abs(written - PACKETS / 10)).toBeLessThanOrEqual(cpus);
    expect(packets).toHaveLength(written);
    const counts = await tsharkFields(file, ["frame.drop_count"]);
    const told = counts.reduce((sum, { "frame.drop_count": count }) => sum + Number(count), 0);
    // What was left out behind the last packet of a CPU is in the statistics only.
    expect(sampledOut - told).toBeGreaterThanOrEqual(0);
    expect(sampledOut - told).toBeLessThan(10 * cpus);
    expect(readFileSync(file).includes(`of all interfaces: ${sampledOut} sampled out`)).toBe(true);
  });
});
