/** The counts of a session, from its start to its end. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { ethernet, ipv4, raw, tcp } from "../support/frames.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runSession } from "../support/session-script.ts";

const syn = ethernet({ payload: ipv4({ payload: tcp({ flags: ["syn"] }) }) });
const fragment = ethernet({ payload: ipv4({ payload: raw(6, new Uint8Array(64)), fragmentOffset: 64 }) });
const mixture = [syn, syn, syn, syn, fragment, fragment, fragment];

describeWith([requirements.bpf, requirements.namespaces, requirements.tools("tcpreplay")], "a session", () => {
  test("that only counts leaves every packet in the kernel", async () => {
    await using network = await TestNetwork.create();
    const text = `
      const options = { interfaces: ["v0"], counts: { keys: ["src", "dst-port"] }, records: false };
      const session = await capture(options);
      await ready();
      const { tables, seconds } = session.counts.nextWindow(1);
      await session.stop();
      const { packets, fragments } = session.counts.totals();
      const { matched, delivered, ringDropped } = session.counters();
      const first = Object.fromEntries([...tables].map(([kind, { entries }]) => [kind, entries.map(({ key }) => key)]));
      answer({ packets, fragments, matched, delivered, ringDropped, first, timed: seconds > 0, left: bpfDescriptors() });`;
    expect(await runSession(network, "b", text, () => network.sendFrames(mixture))).toEqual({
      ...{ packets: mixture.length, fragments: 3, matched: mixture.length, delivered: 0, ringDropped: 0 },
      ...{ first: { src: ["192.0.2.1"], "dst-port": ["80"] }, timed: true, left: 0 },
    });
  });

  test("that counts if possible captures where the kernel has no room for counts", async () => {
    await using network = await TestNetwork.create();
    const root = JSON.stringify(fileURLToPath(new URL("../..", import.meta.url)));
    const text = `
      const { createRequire } = await import("node:module");
      const addon = createRequire(${root})("node-gyp-build")(${root});
      const { createMap } = addon;
      addon.createMap = (...given) => {
        if (given[5].startsWith("traffic_")) throw Object.assign(new Error("no room"), { code: "ENOMEM" });
        return createMap(...given);
      };
      const counts = { keys: ["src"] };
      const refused = await capture({ interfaces: ["v0"], counts }).catch(({ code }) => code);
      const details = [];
      const options = { interfaces: ["v0"], counts: { ...counts, ifPossible: true }, count: 3 };
      const session = await capture({ ...options, onDetail: (detail) => details.push(detail) });
      await ready();
      let packets = 0;
      for await (const batch of session) packets += batch.count;
      const told = details.some((detail) => /nothing is counted by key: .*no room/.test(detail));
      answer({ refused, packets, counts: session.counts ?? null, told, left: bpfDescriptors() });`;
    expect(await runSession(network, "b", text, () => network.sendFrames(mixture.slice(0, 3)))).toEqual({
      ...{ refused: "KERNEL", packets: 3, counts: null, told: true, left: 0 },
    });
  });
});
