import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { numberedFrames } from "../support/capturing.ts";
import { startClsactCapture } from "../support/clsact-holder.ts";
import { attachForeign, type ForeignPlace, TC_OK, TC_SHOT } from "../support/foreign-programs.ts";
import { ethernet, ipv4, tcp } from "../support/frames.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [requirements.bpf, requirements.namespaces, requirements.tools("ip", "tc", "tcpreplay")];
const frames = numberedFrames(10);

async function tc(network: TestNetwork, words: string): Promise<string> {
  return (await runOrFail("tc", ["-netns", network.namespaces.b, ...words.split(" ")])).stdout;
}

/** A filter of IPv4 alone, of classic BPF: `ret #action`. */
async function addIpFilter(network: TestNetwork, action: number, ...words: readonly string[]): Promise<void> {
  const filter = ["protocol", "ip", "bpf", "da", "bytecode", `1,6 0 0 ${action},`];
  await runOrFail("tc", ["-netns", network.namespaces.b, "filter", "add", "dev", "v0", "ingress", ...words, ...filter]);
}

describeWith(needed, "an attachment by clsact", () => {
  test("captures, and is gone after its end; that of a killed process is gone after the next start", async () => {
    await using network = await TestNetwork.create();
    const runDirectory = temporaryDirectory();
    const handles = async () => (await tc(network, "filter show dev v0 ingress")).match(/handle 0x/g) ?? [];
    const killed = await startClsactCapture(network, "b", runDirectory);
    expect(await handles()).toHaveLength(1);
    await killed.kill();
    expect(await handles()).toHaveLength(1);

    const next = await startClsactCapture(network, "b", runDirectory);
    expect(await handles()).toHaveLength(1);
    await network.sendFrames([ethernet({ payload: ipv4({ payload: tcp({}) }) })]);
    expect(await next.finish()).toBe(1);
    expect(await handles()).toEqual([]);
    expect(readdirSync(runDirectory)).toEqual([]);
  });

  test.each([1, 2, 3, 40_000])("stands in front of a filter of priority %d that was there before", async (priority) => {
    await using network = await TestNetwork.create();
    await attachForeign(network, "b", "before", { hook: "clsact-ingress", priority }, TC_SHOT);
    const capture = await startClsactCapture(network, "b", temporaryDirectory());
    expect(await capture.check()).toEqual([]);
    await network.sendFrames(frames);
    expect(await capture.finish()).toBe(frames.length);
  });

  test.each([1, 2])("goes in front of a filter of priority %d that comes later", async (priority) => {
    await using network = await TestNetwork.create();
    const capture = await startClsactCapture(network, "b", temporaryDirectory());
    await attachForeign(network, "b", "late", { hook: "clsact-ingress", priority }, TC_SHOT);
    expect(await capture.check()).toEqual([
      expect.stringMatching(/^program \d+ "late" was attached in front at TC \(in\): moved in front of it$/),
    ]);
    expect(await capture.check()).toEqual([]);
    await network.sendFrames(frames);
    expect(await capture.finish()).toBe(frames.length);
  });

  test("says once who stands in front where nothing can be in front of it", async () => {
    await using network = await TestNetwork.create();
    await tc(network, "qdisc add dev v0 clsact");
    await addIpFilter(network, 2, "pref", "1");
    const capture = await startClsactCapture(network, "b", temporaryDirectory());
    expect(await capture.check()).toEqual([
      "a filter of kind bpf and priority 1 stands in front at TC (in): packets that it drops, redirects or accepts at once are not seen",
    ]);
    expect(await capture.check()).toEqual([]);
    await network.sendFrames(frames);
    expect(await capture.finish()).toBe(0);
  });

  test("leaves room for filters that others add without a priority, and with the first one", async () => {
    await using network = await TestNetwork.create();
    const capture = await startClsactCapture(network, "b", temporaryDirectory());
    await addIpFilter(network, 0);
    expect(await capture.check()).toEqual([]);
    await addIpFilter(network, 0, "pref", "1");
    expect(await capture.check()).toEqual([expect.stringContaining("priority 1 stands in front")]);
    await network.sendFrames(frames);
    expect(await capture.finish()).toBe(0);
  });

  const orders = [
    ["pass", "drop"],
    ["drop", "pass"],
  ] as const;
  const places = ["none", 1, 2, 3, 40_000] as const;

  test.each(orders.flatMap((order) => places.map((priority) => [...order, priority] as const)))(
    "of two captures, first %s, then %s, beside a filter of priority %s, both see all",
    async (first, second, priority) => {
      await using network = await TestNetwork.create();
      const place: ForeignPlace = { hook: "clsact-ingress", ...(priority === "none" ? {} : { priority }) };
      if (priority !== "none") await attachForeign(network, "b", "before", place, TC_OK);
      const runDirectory = temporaryDirectory();
      const captures = [
        await startClsactCapture(network, "b", runDirectory, first),
        await startClsactCapture(network, "b", runDirectory, second),
      ];
      for (const capture of captures) await capture.check();
      await network.sendFrames(frames);
      const [firstSeen, secondSeen] = [await captures[0]?.finish(), await captures[1]?.finish()];
      expect(firstSeen).toBe(frames.length);
      // A capture that drops cannot be between a watcher and another program of priority 1, as the newest is the first there.
      const isPassedBy = priority === 1 && first === "pass";
      expect(secondSeen).toBe(isPassedBy ? 0 : frames.length);
    },
  );
});
