import { expect, test } from "vitest";
import type { CaptureFlags } from "../../../src/cli/capture-options.ts";
import { type OutputPlan, planOutput } from "../../../src/cli/capture-output.ts";
import type { RingcapError } from "../../../src/errors.ts";

const PCAPNG = { format: "pcapng", precision: "nano" } as const;

function plan(path: string | undefined, more: Partial<OutputPlan> = {}): OutputPlan {
  return {
    path,
    format: "pcap",
    precision: "micro",
    checksum: "none",
    comment: undefined,
    compression: undefined,
    ...more,
  };
}

test.each(["out.pcapng", "OUT.PcapNG", "out.ntar"])('"%s" is a pcapng file of nanoseconds', (write) => {
  expect(planOutput({ write, comment: "a" })).toEqual(plan(write, { ...PCAPNG, comment: "a" }));
  expect(planOutput({ write, timeStampPrecision: "micro" }).precision).toBe("micro");
});

test("a comment that pcap has no place for comes with the name to type", () => {
  const hintOf = (write: string) => {
    try {
      planOutput({ write, comment: "a" });
    } catch (error) {
      return (error as RingcapError).hint;
    }
  };
  expect(hintOf("out.pcap")).toBe("pcapng has one: type -w out.pcapng");
  expect(hintOf("syn.pcap.gz")).toBe("pcapng has one: type -w syn.pcapng.gz");
  expect(hintOf("-")).toBe("pcapng has one: type -w - --format pcapng");
});

test("without a file there are lines", () => {
  expect(planOutput({})).toEqual(plan(undefined));
});

test.each(["out.pcap", "out.cap", "out", "-", "out.PCAP", "a.pcapng/out", ".pcapng"])(
  '"%s" is a pcap file of microseconds',
  (write) => {
    expect(planOutput({ write })).toEqual(plan(write));
  },
);

test("nanoseconds are for who asks for them", () => {
  expect(planOutput({ write: "out.pcap", timeStampPrecision: "nano" })).toEqual(
    plan("out.pcap", { precision: "nano" }),
  );
});

test("a format overrides the extension", () => {
  expect(planOutput({ write: "out.pcapng", format: "pcap" })).toEqual(plan("out.pcapng"));
  expect(planOutput({ write: "-", format: "pcapng" })).toEqual(plan("-", PCAPNG));
});

test.each<[CaptureFlags, RegExp]>([
  [{ comment: "a" }, /^--comment: needs a file/],
  [{ write: "out.pcap", comment: "a" }, /^--comment: a pcap file has no place for a comment$/],
  [{ write: "out.pcapng", format: "pcap", comment: "a" }, /^--comment: a pcap file has no place/],
  [{ write: "out.pcapng", comment: "\u00fc".repeat(32_768) }, /^--comment: 65536 bytes; a comment has 65535 at most$/],
  [{ write: "out.pcap.bz2" }, /^--write: "out.pcap.bz2" would not be compressed$/],
  [{ write: "-", compress: "gzip" }, /^--compress: is for files$/],
  [{ write: "out.gz", compress: "zstd" }, /^--compress: "out.gz" is the name of another kind of file$/],
  [{ write: "out", compress: "lz4" as "gzip" }, /^--compress: "lz4" is none of gzip, zstd$/],
  [{ compress: "gzip" }, /^--compress: needs a file to write/],
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
