import { expect, test } from "vitest";
import type { CaptureFlags } from "../../../src/cli/capture-options.ts";
import { planOutput } from "../../../src/cli/capture-output.ts";

test("without a file there are lines", () => {
  expect(planOutput({})).toEqual({ path: undefined, precision: "micro" });
});

test.each(["out.pcap", "out.cap", "out", "-", "out.PCAP", "a.pcapng/out", ".pcapng"])(
  '"%s" is a pcap file of microseconds',
  (write) => {
    expect(planOutput({ write })).toEqual({ path: write, precision: "micro" });
  },
);

test("nanoseconds are for who asks for them", () => {
  expect(planOutput({ write: "out.pcap", timeStampPrecision: "nano" })).toEqual({
    path: "out.pcap",
    precision: "nano",
  });
});

test("a format overrides the extension", () => {
  expect(planOutput({ write: "out.pcapng", format: "pcap" })).toEqual({ path: "out.pcapng", precision: "micro" });
});

test.each<[CaptureFlags, RegExp]>([
  [{ write: "out.pcapng" }, /^--write: pcapng cannot be written yet$/],
  [{ write: "OUT.PcapNG" }, /^--write: pcapng/],
  [{ write: "out.ntar" }, /^--write: pcapng/],
  [{ write: "out.pcap", format: "pcapng" }, /^--format: pcapng/],
  [{ write: "out.pcap", format: "json" }, /^--format: "json" is not a format$/],
  [{ write: "out.pcap", format: "" }, /^--format: "" is not a format$/],
  [{ format: "pcap" }, /^--format: needs a file/],
  [{ write: "" }, /^--write: the name of the file is empty$/],
  [{ timeStampPrecision: "milli" as "micro" }, /^--time-stamp-precision: "milli" is neither micro nor nano$/],
])("%j is refused", (flags, message) => {
  expect(() => planOutput(flags)).toThrow(
    expect.objectContaining({ code: "USAGE", message: expect.stringMatching(message) }),
  );
});
