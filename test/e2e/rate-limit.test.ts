/** --rate-limit of captures in floods, judged by the time stamps that tshark reads from the file. */
import { expect, test } from "vitest";
import { onlineCpus } from "../../src/host/online-cpus.ts";
import { expectAddsUp, startFileCapture } from "../support/capturing.ts";
import { startFlood } from "../support/flood.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { tsharkFields } from "../support/tshark-fields.ts";

const needed = [requirements.root, requirements.bpf, requirements.namespaces, requirements.tools("editcap", "tshark")];

describeWith(needed, "a capture", () => {
  test("of so many packets a second has as many in each second of a flood on all CPUs, and no more", async () => {
    const limit = 5_000;
    await using network = await TestNetwork.create();
    const options = ["-i", "v0", "--rate-limit", `${limit}`, "-c", `${limit * 3}`, "--action", "drop", "-B", "64"];
    const capture = await startFileCapture(network, options);
    const floods = Array.from({ length: onlineCpus().length }, () => startFlood(network));
    const { path, exit, summary } = await capture.ended();
    await Promise.all(floods.map((flood) => flood.stop()));
    expect(exit.code).toBe(0);
    expectAddsUp(summary);
    expect(summary.packets.rateLimited).toBeGreaterThan(0);
    const seconds = new Map<string, number>();
    for (const { "frame.time_epoch": time } of await tsharkFields(path, ["frame.time_epoch"])) {
      const [second = ""] = time.split(".");
      seconds.set(second, (seconds.get(second) ?? 0) + 1);
    }
    const counts = [...seconds.values()];
    expect(Math.max(...counts)).toBe(limit);
    expect(counts.slice(1, -1).every((count) => count === limit)).toBe(true);
  });
});
