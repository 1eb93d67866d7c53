import { expect, test } from "vitest";
import { formatSending, summaryLines, warningsOf } from "../../../src/cli/send-command.ts";
import type { SendReport } from "../../../src/send/index.ts";

const report: SendReport = {
  version: 1,
  seconds: 2,
  engine: "xdp",
  cpus: 1,
  input: { file: "syn.pcap" },
  interface: { name: "v1", linkType: 1, transmitDropped: 0 },
  frames: { sent: 16_000_000, failed: 0, truncated: 0, retried: 5 },
  bytes: { sent: 960_000_000 },
  rate: { framesPerSecond: 8_000_000, bitsPerSecond: 3.84e9 },
  errors: {},
  lateness: null,
  shortened: { gaps: 0, seconds: 0 },
};

test("the summary has frames, bytes, time, rate and errors", () => {
  expect(summaryLines(report).split("\n")).toEqual([
    "16000000 frames sent, 960000000 bytes, in 2.000 s",
    "8.00 Mframes/s, 3.84 Gbit/s",
    "0 frames not sent",
  ]);
});

test("the summary tells of cut frames and of lateness where there is any", () => {
  const frames = { ...report.frames, truncated: 3 };
  const shortened = { gaps: 1, seconds: 64_740 };
  const lines = summaryLines({ ...report, frames, lateness: { mean: 12.34, max: 100 }, shortened });
  expect(lines).toContain("1 gap of the file shortened, by 64740.0 s in all");
  expect(lines).toContain("3 frames of the file cut short, and sent so");
  expect(lines).toContain("sent 12.3 us after their time on average, 100.0 us at most");
});

test("a warning names the causes of what was not sent, and what the interface dropped", () => {
  expect(warningsOf(report)).toEqual([]);
  const failed = { ...report, frames: { ...report.frames, failed: 5 }, errors: { EMSGSIZE: 2, EIO: 3 } };
  expect(warningsOf(failed)).toEqual([
    "5 frames not sent: 2 longer than the interface takes (its MTU and the link header), 3 (EIO)",
  ]);
  const dropped = { ...report, interface: { ...report.interface, transmitDropped: 7 } };
  expect(warningsOf(dropped)).toEqual(["v1 dropped 7 frames on the way out, whoever sent them"]);
});

test("progress has the share of a file whose end is known and not yet reached", () => {
  const progress = { frames: 1000, bytes: 60_000, seconds: 2, position: 50, size: 200 };
  expect(formatSending(progress)).toBe("1,000 frames (25 %), 500 frames/s, 240.00 kbit/s");
  expect(formatSending({ ...progress, position: 200 })).toBe("1,000 frames, 500 frames/s, 240.00 kbit/s");
  expect(formatSending({ ...progress, size: 0 })).toBe("1,000 frames, 500 frames/s, 240.00 kbit/s");
});
