import { expect, test } from "vitest";
import { RingcapError } from "../../../src/errors.ts";
import type { CapturedInterface } from "../../../src/packets/captured.ts";
import { ETHERNET, RAW_IP } from "../../../src/packets/link-types.ts";
import { packetsOf, record } from "../../../src/pipeline/run.ts";
import type { CapturingSource } from "../../../src/pipeline/source.ts";
import { batchOf, DESCRIPTION, NO_COUNTERS, ScriptedSink, scriptedSource } from "./scripted.ts";

const interfaces: CapturedInterface[] = [
  { name: "v0", index: 4, direction: "in", hook: "xdp-native", link: ETHERNET },
  { name: "tun0", index: 9, direction: "in", hook: "tc", link: RAW_IP },
];

const counters = { ...NO_COUNTERS, seen: 40, matched: 20, ringDropped: 4, overLimit: 6, delivered: 10 };

/** A capture of ten packets, of which v0 dropped 17 more. */
function captureOf(log: string[], overrides: Partial<CapturingSource> = {}): CapturingSource {
  return {
    ...scriptedSource(log, []),
    description: DESCRIPTION,
    interfaces,
    unreadable: 3,
    counters: () => counters,
    interfaceDrops: () => new Map([[4, 17]]),
    async *batches() {
      yield batchOf(4);
      yield batchOf(6);
    },
    ...overrides,
  };
}

test("the report says what became of every packet, and where they are from", async () => {
  const sink = Object.assign(new ScriptedSink([]), { files: ["a.pcap"] });
  const { report, failures, unreadable } = await record(captureOf([]), sink);
  expect(report).toMatchObject({
    version: 1,
    interfaces: [
      { name: "v0", hook: "xdp-native", direction: "in", linkType: 1, dropped: 17 },
      { name: "tun0", hook: "tc", direction: "in", linkType: 101 },
    ],
    packets: {
      seen: 40,
      matched: 20,
      sampledOut: 0,
      rateLimited: 0,
      ringDropped: 4,
      overLimit: 6,
      written: 10,
      writeFailed: 0,
    },
    bytes: { written: 7 },
    files: ["a.pcap"],
  });
  expect(report.interfaces[1]).not.toHaveProperty("dropped");
  expect(report).not.toHaveProperty("rotation");
  expect(failures).toEqual([]);
  expect(unreadable).toBe(3);
});

test("packets that the sink did not take have failed: no packet is missing from the sum", async () => {
  const error = new RingcapError("write a.pcap: ENOSPC", { code: "OUTPUT", operation: "write a.pcap" });
  const log: string[] = [];
  const sink = new ScriptedSink(log, { write: { batch: 2, error } });
  const { report, failures } = await record(captureOf(log), sink);
  const { matched, sampledOut, rateLimited, ringDropped, overLimit, written, writeFailed } = report.packets;
  expect([written, writeFailed]).toEqual([4, 6]);
  expect(sampledOut + rateLimited + ringDropped + overLimit + written + writeFailed).toBe(matched);
  expect(failures).toEqual([error]);
  expect(log).toContain("stop");
});

test("what became of the files of a rotated capture is reported, and a sink without files has none", async () => {
  const rotation = { written: 9, removed: 4, onFileFailed: 1 };
  const rotated = await record(captureOf([]), Object.assign(new ScriptedSink([]), { rotation }));
  expect(rotated.report).toMatchObject({ files: [], rotation });
});

test("while a capture goes on, packets on their way to the sink count as failed", () => {
  expect(packetsOf(captureOf([]), new ScriptedSink([]))).toMatchObject({ written: 0, writeFailed: 10 });
});

test("the time of the first packet is told after the sink has begun, and before the first batch", async () => {
  const log: string[] = [];
  await record(captureOf(log), new ScriptedSink(log), () => log.push("begun"));
  expect(log.slice(0, 3)).toEqual(["begin", "begun", "write 4"]);
});

test("a sink that cannot begin has no report", async () => {
  const log: string[] = [];
  const begin = new RingcapError("no", { code: "USAGE", operation: "begin" });
  await expect(record(captureOf(log), new ScriptedSink(log, { begin }))).rejects.toBe(begin);
  expect(log).toEqual(["begin", "stop"]);
});

test("counters that the kernel does not tell are an error, after everything was written and closed", async () => {
  const error = new RingcapError("read the counters: ENOMEM", { code: "KERNEL", operation: "read the counters" });
  const log: string[] = [];
  const source = captureOf(log, {
    counters: () => {
      throw error;
    },
  });
  await expect(record(source, new ScriptedSink(log))).rejects.toBe(error);
  expect(log.slice(-2)).toEqual(["wrote 6", "close"]);
});
