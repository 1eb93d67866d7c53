import { expect, test } from "vitest";
import type { CaptureFlags } from "../../../src/cli/capture-options.ts";
import { planOutput } from "../../../src/cli/capture-output.ts";

test("without a file there are lines", () => {
  expect(planOutput({})).toEqual({ path: undefined, precision: "micro", checksum: "none", compression: undefined });
});

test.each(["out.pcap", "out.cap", "out", "-", "out.PCAP", "a.pcapng/out", ".pcapng"])(
  '"%s" is a pcap file of microseconds',
  (write) => {
    expect(planOutput({ write })).toEqual({
      path: write,
      precision: "micro",
      checksum: "none",
      compression: undefined,
    });
  },
);

test("nanoseconds are for who asks for them", () => {
  expect(planOutput({ write: "out.pcap", timeStampPrecision: "nano" })).toEqual({
    path: "out.pcap",
    precision: "nano",
    checksum: "none",
    compression: undefined,
  });
});

test("a format overrides the extension", () => {
  expect(planOutput({ write: "out.pcapng", format: "pcap" })).toEqual({
    path: "out.pcapng",
    precision: "micro",
    checksum: "none",
    compression: undefined,
  });
});

test.each<[CaptureFlags, RegExp]>([
  [{ write: "out.pcapng" }, /^--write: pcapng cannot be written yet$/],
  [{ write: "OUT.PcapNG" }, /^--write: pcapng/],
  [{ write: "out.pcapng.gz" }, /^--write: pcapng/],
  [{ write: "out.pcap.bz2" }, /^--write: "out.pcap.bz2" would not be compressed$/],
  [{ write: "-", compress: "gzip" }, /^--compress: is for files$/],
  [{ write: "out.gz", compress: "zstd" }, /^--compress: "out.gz" is the name of another kind of file$/],
  [{ write: "out", compress: "lz4" as "gzip" }, /^--compress: "lz4" is none of gzip, zstd$/],
  [{ compress: "gzip" }, /^--compress: needs a file to write/],
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

test.each([
  [{ write: "out.pcap.gz" }, "gzip"],
  [{ write: "OUT.GZ" }, "gzip"],
  [{ write: "out.pcap.zst" }, "zstd"],
  [{ write: "out.pcap", compress: "gzip" }, "gzip"],
  [{ write: "out.gz", compress: "gzip" }, "gzip"],
] as const)("%j is compressed", (flags, compression) => {
  expect(planOutput(flags)).toMatchObject({ path: flags.write, compression });
});

test("checksums are repaired for who asks for it, in a file", () => {
  expect(planOutput({ write: "out.pcap", checksum: "repair" }).checksum).toBe("repair");
  expect(() => planOutput({ checksum: "repair" })).toThrow("--checksum: needs a file to write");
  expect(() => planOutput({ write: "out.pcap", checksum: "fix" as "repair" })).toThrow(
    '--checksum: "fix" is none of none, repair',
  );
});
