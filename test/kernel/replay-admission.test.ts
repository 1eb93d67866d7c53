/** Sampling and the rate limit of a replay: the same packets by either engine, and those that its options say. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { type ReplayOptions, replay } from "../../src/replay/index.ts";
import { startRingcap } from "../support/cli.ts";
import { writePcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { numbered } from "../support/sending.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { tsharkFields } from "../support/tshark-fields.ts";

const START = 1_700_000_000;
/** Twenty packets a second for fifteen seconds, some of which no test run of the kernel takes. */
const PACKETS = 300;
const engines: readonly ReplayOptions[] = [
  { engine: "user" },
  { engine: "kernel", hook: "xdp" },
  { engine: "kernel", hook: "tc" },
];

function inputFile(): string {
  const path = join(temporaryDirectory(), "input.pcap");
  const packets = numbered(PACKETS).map((data, index) => {
    const milliseconds = START * 1000 + index * 50;
    return { data: index % 11 === 0 ? data.subarray(0, 40) : data, timestamp: BigInt(milliseconds) * 1_000_000n };
  });
  writePcap(path, packets);
  return path;
}

/** The packets that come out, by their number in the file from 0, and what became of the others. */
async function replayed(file: string, options: ReplayOptions) {
  const session = await replay(file, options);
  const numbers: number[] = [];
  for await (const batch of session) {
    for (const { timestamp } of batch) numbers.push(Number(timestamp / 1_000_000n - BigInt(START * 1000)) / 50);
  }
  const { decidedOnHost: _, ...counters } = session.counters();
  const { sampledOut, rateLimited, ringDropped, overLimit, delivered } = counters;
  expect(sampledOut + rateLimited + ringDropped + overLimit + delivered).toBe(counters.matched);
  expect(delivered).toBe(numbers.length);
  return { numbers, counters };
}

/** What all engines say with the options. */
async function byAnyEngine(file: string, options: ReplayOptions) {
  const [first, ...others] = await Promise.all(engines.map((engine) => replayed(file, { ...options, ...engine })));
  if (first === undefined) throw new Error("there is no engine");
  for (const other of others) expect(other).toEqual(first);
  return first;
}

describeWith([requirements.bpf, requirements.tools("tshark")], "a replay", () => {
  test("takes every so many-th packet that matches, from one that the seed says", async () => {
    const file = inputFile();
    const starts = new Set<number>();
    for (const seed of [0, 1, 2, 3]) {
      const { numbers } = await byAnyEngine(file, { sample: 7, seed });
      const [start = -1] = numbers;
      expect(start).toBeLessThan(7);
      expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => start + 7 * index));
      expect(numbers.at(-1)).toBeGreaterThanOrEqual(PACKETS - 7);
      starts.add(start);
    }
    expect(starts.size).toBeGreaterThan(1);
  });

  test("takes so many packets of each second of their time stamps", async () => {
    const { numbers } = await byAnyEngine(inputFile(), { rateLimit: 3 });
    const seconds = Array.from({ length: PACKETS / 20 }, (_, second) => second * 20);
    expect(numbers).toEqual(seconds.flatMap((first) => [first, first + 1, first + 2]));
  });

  test("ends with the wanted packet, and has seen those before it only", async () => {
    const { numbers, counters } = await byAnyEngine(inputFile(), { sample: 3, rateLimit: 2, count: 5 });
    expect(counters).toMatchObject({ seen: (numbers[4] ?? 0) + 1, matched: counters.seen, delivered: 5 });
  });

  test("says in a pcapng file and in lines how many packets were left out", async () => {
    const output = join(temporaryDirectory(), "output.pcapng");
    const options = ["--sample", "3", "--rate-limit", "2", "-w", output];
    const { code, stderr } = await startRingcap(["replay", inputFile(), ...options]).exit;
    expect(code).toBe(0);
    const written = PACKETS / 10;
    expect(stderr).toMatch(new RegExp(`matched\n200 packets sampled out\n${PACKETS / 3 - written} packets beyond`));
    const counts = await tsharkFields(output, ["frame.drop_count", "frame.time_epoch"]);
    const told = counts.reduce((sum, { "frame.drop_count": count }) => sum + Number(count), 0);
    const last = Math.round((Number(counts.at(-1)?.["frame.time_epoch"]) - START) * 20);
    expect(counts).toHaveLength(written);
    expect(told + written).toBe(last + 1);
  });
});
