/**
 * The law of rotated captures, over random options: every packet is in one file, once and in order, and what a budget removes is
 * the oldest. ROTATION_ROUNDS in the environment is the number of rounds.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PcapFileFormat, RotatingOutput } from "../../src/outputs/index.ts";
import { description, noCounters, numberedBatch } from "../support/numbered-batches.ts";
import { readPcapWithEditcap } from "../support/pcap-fixture.ts";
import { random } from "../support/random.ts";
import { runOrFail } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const ROUNDS = Number(process.env.ROTATION_ROUNDS ?? 24);
const SECOND = 1_700_000_000;

test.each(Array.from({ length: ROUNDS }, (_, seed) => seed))("round %i", async (seed) => {
  const next = random(seed);
  const upTo = (most: number) => 1 + Math.floor(next() * most);
  const some = (most: number) => (next() < 0.5 ? upTo(most) : undefined);
  const directory = temporaryDirectory();
  let now = SECOND * 1000;
  const rotateSize = some(20_000);
  const options = {
    rotateSize,
    rotatePackets: some(200),
    rotateEvery: some(5) ?? 60,
    compression: next() < 0.3 ? ("gzip" as const) : undefined,
    keepFiles: next() < 0.2 ? upTo(6) : undefined,
    keepSize: next() < 0.2 ? 2 * (rotateSize ?? 0) + upTo(60_000) : undefined,
    now: () => now,
  };
  const name = next() < 0.5 ? "x.pcap" : "x-%s.pcap";
  const precision = next() < 0.5 ? "micro" : "nano";
  const output = new RotatingOutput(join(directory, name), new PcapFileFormat(precision), options);
  output.prepare();
  output.begin(description, noCounters);
  let packets = 0;
  for (let batch = upTo(30); batch > 0; batch--) {
    const count = upTo(120);
    const second = Math.floor(now / 1000) - (next() < 0.5 ? 1 : 0);
    await output.write(numberedBatch(packets, count, (number) => second + (number % 3 === 2 ? 1 : 0), upTo(300) + 3));
    packets += count;
    now += Math.floor(next() * 900);
    if (next() < 0.1) output.rotate();
    if (next() < 0.1) output.flush();
  }
  await output.close();
  expect(output.packetsWritten, JSON.stringify(options)).toBe(packets);
  const left = readdirSync(directory).length;
  const files = output.files.slice(-left);
  expect(output.rotation).toEqual({
    written: output.files.length,
    removed: output.files.length - left,
    onFileFailed: 0,
  });
  if (options.keepFiles === undefined && options.keepSize === undefined) expect(left).toBe(output.files.length);
  if (options.keepFiles !== undefined) expect(left).toBeLessThanOrEqual(options.keepFiles);
  const { stdout } = await runOrFail("capinfos", ["-T", "-r", "-M", "-c", ...files]);
  const counts = stdout
    .trimEnd()
    .split("\n")
    .map((line) => Number(line.split("\t")[1]));
  const kept = counts.reduce((sum, count) => sum + count, 0);
  if (left === output.files.length) expect(kept).toBe(packets);
  const merged = join(temporaryDirectory(), "merged.pcap");
  await runOrFail("mergecap", ["-F", "nsecpcap", "-a", "-w", merged, ...files]);
  const numbers = (await readPcapWithEditcap(merged)).map(({ data }) => Buffer.from(data).readUInt32BE(0));
  expect(numbers).toEqual(Array.from({ length: kept }, (_, index) => packets - kept + index));
});
