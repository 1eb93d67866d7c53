/** The law of rotated captures, over random options: every packet is in one file, once and in order. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PcapFileFormat, RotatingOutput } from "../../src/outputs/index.ts";
import { description, noCounters, numberedBatch } from "../support/numbered-batches.ts";
import { readPcapWithEditcap } from "../support/pcap-fixture.ts";
import { runOrFail } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const ROUNDS = Number(process.env.ROTATION_ROUNDS ?? 24);
const SECOND = 1_700_000_000;

/** Numbers from 0 to below 1 by a seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test.each(Array.from({ length: ROUNDS }, (_, seed) => seed))("round %i", async (seed) => {
  const next = random(seed);
  const upTo = (most: number) => 1 + Math.floor(next() * most);
  const some = (most: number) => (next() < 0.5 ? upTo(most) : undefined);
  const directory = temporaryDirectory();
  let now = SECOND * 1000;
  const compression = next() < 0.3 ? ("gzip" as const) : undefined;
  const options = {
    rotateSize: some(20_000),
    rotatePackets: some(200),
    rotateEvery: some(5) ?? 60,
    compression,
    now: () => now,
  };
  const name = next() < 0.5 ? "x.pcap" : "x-%s.pcap";
  const output = new RotatingOutput(join(directory, name), new PcapFileFormat("micro"), options);
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
  expect(readdirSync(directory)).toHaveLength(output.files.length);
  expect(output.rotation).toEqual({ written: output.files.length, removed: 0, onFileFailed: 0 });
  const { stdout } = await runOrFail("capinfos", ["-T", "-r", "-M", "-c", ...output.files]);
  const counts = stdout
    .trimEnd()
    .split("\n")
    .map((line) => Number(line.split("\t")[1]));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(packets);
  const merged = join(temporaryDirectory(), "merged.pcap");
  await runOrFail("mergecap", ["-F", "pcap", "-a", "-w", merged, ...output.files]);
  const numbers = (await readPcapWithEditcap(merged)).map(({ data }) => Buffer.from(data).readUInt32BE(0));
  expect(numbers).toEqual([...Array(packets).keys()]);
});
