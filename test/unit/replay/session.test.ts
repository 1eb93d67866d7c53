import { expect, test } from "vitest";
import { type ReplayOptions, replay } from "../../../src/replay/index.ts";

test("options that are none are refused by name, those of the filter too", async () => {
  for (const options of [{ snaplen: 1 }, { filter: { ports: 80 } }, { filter: {}, constructor: 1 }]) {
    await expect(
      replay("fixtures/handshakes.pcap", { engine: "user", ...options } as ReplayOptions),
    ).rejects.toMatchObject({
      name: "RingcapError",
      code: "USAGE",
      message: expect.stringMatching(/^(snaplen|ports|constructor): there is no such option$/),
    });
  }
});

test("a session is iterated over once", async () => {
  await using session = await replay("fixtures/handshakes.pcap", { engine: "user" });
  let packets = 0;
  for await (const batch of session) packets += batch.count;
  expect(packets).toBe(64);
  const again = session[Symbol.asyncIterator]().next();
  await expect(again).rejects.toMatchObject({ name: "RingcapError", code: "USAGE" });
});

test("a signal that was given ends it before anything is opened", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(replay("/does/not/exist", { signal })).rejects.toThrow("enough");
});
