/** Compressed capture files, judged by gzip, zstd and Wireshark's library. */
import { readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import zlib from "node:zlib";
import { describe, expect, test } from "vitest";
import { CaptureOutput, PcapFileFormat, RotatingOutput } from "../../src/outputs/index.ts";
import { openCapture } from "../../src/pcap-parser/index.ts";
import { description, noCounters, numberedBatch } from "../support/numbered-batches.ts";
import { readPcapWithEditcap } from "../support/pcap-fixture.ts";
import { run, runOrFail } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const hasZstd = "zstdCompress" in zlib;
const compressions = hasZstd ? (["gzip", "zstd"] as const) : (["gzip"] as const);
const BATCH = 1000;

async function opened(path: string, compression: "gzip" | "zstd"): Promise<CaptureOutput> {
  const output = new CaptureOutput(path, new PcapFileFormat("micro"), compression);
  output.prepare();
  await output.begin(description, noCounters);
  return output;
}

/** The exit code of the tool that looks whether the file is whole. */
async function testOf(compression: string, path: string): Promise<number | null> {
  return (await run("sh", ["-c", `${compression} -t <"$0"`, path])).code;
}

describe.each(compressions)("a file of %s", (compression) => {
  test("has every packet once and in order, for Wireshark and for its own tool", async () => {
    const directory = temporaryDirectory();
    const [packed, plain] = [join(directory, "x"), join(directory, "plain.pcap")];
    const output = await opened(packed, compression);
    for (let batch = 0; batch < 60; batch++) await output.write(numberedBatch(batch * BATCH, BATCH));
    await output.close();
    expect(output.packetsWritten).toBe(60 * BATCH);
    expect(output.bytesWritten).toBe(statSync(packed).size);
    await runOrFail("sh", ["-c", `${compression} -dc <"$0" >"$1"`, packed, plain]);
    for (const path of compression === "gzip" ? [packed, plain] : [plain]) {
      const packets = await readPcapWithEditcap(path);
      expect(packets.map(({ data }) => Buffer.from(data).readUInt32BE(0))).toEqual([...Array(60 * BATCH).keys()]);
    }
  });

  test("is on the disk up to the last flush", async () => {
    const path = join(temporaryDirectory(), "x");
    const output = await opened(path, compression);
    await output.write(numberedBatch(0, BATCH));
    expect(output.packetsWritten).toBe(0);
    output.flush();
    await output.write(numberedBatch(BATCH, 1));
    expect(output.packetsWritten).toBe(BATCH + 1);
    expect(await testOf(compression, path)).toBe(0);
    await output.close();
  });

  test("is written also where no further packet comes", async () => {
    const path = join(temporaryDirectory(), "x");
    const output = await opened(path, compression);
    await output.write(numberedBatch(0, 7));
    await expect.poll(() => output.packetsWritten).toBe(7);
    expect(await testOf(compression, path)).toBe(0);
    await output.close();
  });

  test("that another program cuts counts nothing, and says so", async () => {
    const path = join(temporaryDirectory(), "x");
    const output = await opened(path, compression);
    output.flush();
    await output.write(numberedBatch(0, BATCH));
    truncateSync(path, 100);
    await output.write(numberedBatch(BATCH, 1));
    await expect(output.close()).rejects.toMatchObject({
      message: expect.stringMatching(/another program cut the file/),
    });
    expect(output.packetsWritten).toBe(0);
  });

  test("of a rotated capture is whole by itself", async () => {
    const directory = temporaryDirectory();
    const output = new RotatingOutput(join(directory, "x.pcap.gz"), new PcapFileFormat("micro"), {
      compression,
      rotatePackets: 700,
    });
    output.prepare();
    output.begin(description, noCounters);
    for (let batch = 0; batch < 20; batch++) await output.write(numberedBatch(batch * BATCH, BATCH));
    await output.close();
    expect(output.packetsWritten).toBe(20 * BATCH);
    expect(output.files).toHaveLength(Math.ceil((20 * BATCH) / 700));
    for (const path of output.files) expect(await testOf(compression, path)).toBe(0);
  });
});

test("a file of gzip that was cut off is read up to there", async () => {
  const path = join(temporaryDirectory(), "x.pcap.gz");
  const output = await opened(path, "gzip");
  for (let piece = 0; piece < 5; piece++) {
    output.flush();
    await output.write(numberedBatch(piece * BATCH, BATCH));
  }
  await output.close();
  const whole = readFileSync(path);
  for (const length of [whole.length - 1, whole.length - 100, Math.floor(whole.length / 2)]) {
    writeFileSync(path, whole.subarray(0, length));
    const { stdout } = await run("tshark", ["-r", path, "-T", "fields", "-e", "frame.number"]);
    const shown = stdout.trimEnd().split("\n").length;
    const pieces = length > whole.length / 2 ? 4 : 2;
    expect(shown).toBeGreaterThanOrEqual(pieces * BATCH);
    let parsed = 0;
    try {
      for await (const batch of await openCapture(path)) parsed += batch.count;
    } catch {
      // The last piece is cut.
    }
    expect(parsed).toBeGreaterThanOrEqual(pieces * BATCH);
  }
});

test.skipIf(hasZstd)("zstd without a Node.js that has it is refused with what to type", () => {
  expect(() => new CaptureOutput("x.zst", new PcapFileFormat("micro"), "zstd")).toThrow(
    expect.objectContaining({
      code: "USAGE",
      hint: expect.stringMatching(/^type --compress gzip, or run it with Node/),
    }),
  );
});
