/** Incidents from their beginning to their end, with a clock that the test moves. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { IncidentReport } from "../../../src/flood/incident-report.ts";
import type { Firing } from "../../../src/flood/observation.ts";
import { Recorder } from "../../../src/flood/recorder.ts";
import type { RecorderOptions } from "../../../src/flood/recorder-options.ts";
import { zonedTime } from "../../../src/flood/watch-clock.ts";
import type { WatchEvent } from "../../../src/flood/watch-event.ts";
import { NO_TOTALS } from "../../../src/flood/watched-counts.ts";
import { openCapture } from "../../../src/pcap-parser/index.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { DESCRIPTION } from "../outputs/batches.ts";
import { batchAt, blockLength } from "./rows.ts";

const EPOCH = 1_700_000_000_000_000_000n;
const FIRING: Firing = { rule: "20000/s", value: 30_000, threshold: 20_000 };
const OTHER: Firing = { rule: "5000/s per dst", value: 9000, threshold: 5000, key: "192.0.2.1" };

/** Seconds between two looks, which a floating point number holds exactly. */
const LOOK = 0.125;
/** Nanoseconds between two packets. */
const GAP = 12_500_000n;

/** A watch of an interface on which a packet comes every 12.5 ms. */
class SimulatedWatch {
  readonly directory = temporaryDirectory();
  readonly events: WatchEvent[] = [];
  readonly sampling: number[] = [];
  readonly recorder: Recorder;
  elapsed = 0;
  /** How the clock of the host was set. */
  step = 0n;
  matched = 0;
  sampledOut = 0;
  delivered = 0;
  /** Whether the host samples as it is told. */
  obeys = false;
  /** What a change of the sampling takes. */
  kernelSeconds = 0;

  constructor(options: Partial<RecorderOptions> = {}) {
    this.recorder = new Recorder({
      directory: this.directory,
      trusted: new Set([0, process.geteuid?.() ?? 0]),
      before: 2,
      after: 1,
      longest: 60,
      size: 1e9,
      splitSize: 1e9,
      historySize: 1 << 22,
      clock: { elapsed: () => this.elapsed, time: () => this.time },
      tell: (event) => this.events.push(event),
      ...options,
    });
    this.recorder.begin({
      description: DESCRIPTION,
      facts: { command: ["ringcap", "watch"], filter: "tcp", snapshotLength: 128, interfaces: [] },
      counters: () => {
        const { matched, sampledOut, delivered } = this;
        return { seen: matched, matched, sampledOut, rateLimited: 0, ringDropped: 0, overLimit: 0, delivered };
      },
      window: () => undefined,
      totals: () => ({ ...NO_TOTALS, packets: this.matched }),
      setSampling: (oneIn) => {
        this.elapsed += this.kernelSeconds;
        this.sampling.push(oneIn);
      },
    });
  }

  get time(): bigint {
    return EPOCH + this.step + BigInt(Math.round(this.elapsed * 1e9));
  }

  get report(): IncidentReport {
    const [name = ""] = readdirSync(this.directory);
    return JSON.parse(readFileSync(join(this.directory, name, "incident.json"), "utf8"));
  }

  /** The names of the events. */
  get told(): string[] {
    return this.events.map(({ event }) => event);
  }

  /** Lets time pass. @param most packets at a time */
  async run(seconds: number, firings: readonly Firing[] = [], most = 1): Promise<void> {
    for (let looks = seconds / LOOK; looks > 0; looks--) {
      const oneIn = this.obeys ? (this.sampling.at(-1) ?? 1) : 1;
      const all = Array.from({ length: 10 * most }, (_, index) => this.time + (BigInt(index) * GAP) / BigInt(most));
      const times = all.filter((_, index) => (this.matched + index) % oneIn === 0);
      this.elapsed += LOOK;
      this.matched += all.length;
      this.sampledOut += all.length - times.length;
      this.delivered += times.length;
      await this.recorder.write(batchAt(times));
      await this.recorder.look(firings, undefined);
    }
    await this.recorder.close();
  }

  /** Ends the watch, and checks that nothing of what came is unaccounted for. */
  async end(): Promise<void> {
    await this.recorder.endSession("watch stopped");
    await this.recorder.close();
    const { counts, history } = this.recorder;
    expect(counts.packets + counts.writeFailed + counts.overSize + history.forgotten).toBe(this.delivered);
  }
}

function expectAddsUp({ packets, files }: IncidentReport): void {
  const { seen: _, matched, ...fates } = packets;
  expect(Object.values(fates).reduce((sum, count) => sum + count, 0)).toBe(matched);
  expect((files as { packets: number }[]).reduce((sum, file) => sum + file.packets, 0)).toBe(packets.written);
}

async function packetTimes(path: string): Promise<bigint[]> {
  const times: bigint[] = [];
  await using capture = await openCapture(path);
  for await (const batch of capture) for (const { timestamp } of batch) times.push(timestamp);
  return times;
}

test("without a rule that holds, nothing is written and every packet is forgotten", async () => {
  const watch = new SimulatedWatch();
  await watch.run(30);
  expect(watch.recorder.history.packets).toBeLessThanOrEqual(180);
  await watch.end();
  expect(readdirSync(watch.directory)).toEqual([]);
  expect(watch.events).toEqual([]);
  expect(watch.recorder.history.forgotten).toBe(2400);
});

test("an incident has what came before, what came with it, and what came after, and appears whole", async () => {
  const watch = new SimulatedWatch();
  await watch.run(10);
  const triggered = watch.time + 10n * GAP;
  await watch.run(1, [FIRING]);
  expect(readdirSync(watch.directory)).toEqual(["20231114T221330Z-20000-s.partial"]);
  expect(watch.report).toMatchObject({ state: "recording", ended: null, why: null });
  await watch.run(3);
  await watch.end();
  expect(watch.told).toEqual(["incident-began", "incident-ended"]);
  const { report } = watch;
  expectAddsUp(report);
  expect(report).toMatchObject({
    name: "20231114T221330Z-20000-s",
    state: "ended",
    why: "over",
    packets: { writeFailed: 0 },
    triggers: [{ rule: "20000/s", value: 30_000, peak: 30_000, threshold: 20_000 }],
    filter: "tcp",
  });
  const schema = JSON.parse(readFileSync("schemas/incident.schema.json", "utf8"));
  expect(Object.keys(report).toSorted()).toEqual(schema.required.toSorted());
  for (const part of ["packets", "history"] as const) {
    expect(Object.keys(Object(report[part])).toSorted()).toEqual(schema.properties[part].required.toSorted());
  }
  const times = await packetTimes(join(watch.directory, report.name, "capture.pcapng"));
  expect(times).toHaveLength(report.packets.written);
  expect(times[0]).toBe(triggered - 2_000_000_000n);
  // The rule held for 1 s, and the incident ends 1 s after it last did.
  expect(times.at(-1)).toBe(triggered + 1_875_000_000n - GAP);
  const directory = join(watch.directory, report.name);
  expect(statSync(directory).mode & 0o7777).toBe(0o700);
  for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).mode & 0o7777).toBe(0o600);
});

test("an incident gets its page before it has its name, and says what of it there is and what the listening sockets met", async () => {
  let overflows = 7;
  const watch = new SimulatedWatch({
    pressure: () => ({ listenOverflows: overflows++, listenDrops: 5, cookiesSent: 0 }),
    makePage: async (directory) => {
      const { state, report, files } = JSON.parse(readFileSync(join(directory, "incident.json"), "utf8"));
      expect({ state, report, files: files.length }).toEqual({ state: "ended", report: null, files: 1 });
      expect(directory).toMatch(/\.partial$/);
      writeFileSync(join(directory, "report.json"), "{}");
      return "exit code 3";
    },
  });
  await watch.run(1);
  await watch.run(1, [FIRING]);
  await watch.run(3);
  await watch.end();
  const { report, listening } = watch.report;
  const sha256 = createHash("sha256").update("{}").digest("hex");
  expect(report).toEqual({ files: [{ name: "report.json", bytes: 2, sha256 }], missing: "exit code 3" });
  expect(listening).toEqual({ overflows: expect.any(Number), drops: 0, cookiesSent: 0 });
  expect(Object(listening).overflows).toBeGreaterThan(0);
});

test("another rule extends an incident, and is listed in it", async () => {
  const watch = new SimulatedWatch();
  await watch.run(1);
  await watch.run(1, [FIRING]);
  await watch.run(0.75);
  await watch.run(1, [OTHER]);
  await watch.run(2);
  await watch.end();
  expect(watch.told).toEqual(["incident-began", "trigger", "incident-ended"]);
  expect(watch.report.triggers).toMatchObject([{ rule: "20000/s" }, { rule: "5000/s per dst", key: "192.0.2.1" }]);
  expect(watch.report.seconds).toBe(3.625);
});

test("a flood that outlasts the longest time makes one incident, and another one when it has let go", async () => {
  const watch = new SimulatedWatch({ longest: 5 });
  await watch.run(20, [FIRING]);
  expect(watch.told).toEqual(["incident-began", "incident-ended"]);
  expect(watch.report.why).toBe("longest time");
  await watch.run(2);
  await watch.run(1, [FIRING]);
  expect(watch.told).toEqual(["incident-began", "incident-ended", "incident-began"]);
  // A rule that did not hold then needs no pause.
  await watch.run(5, [FIRING]);
  await watch.run(1, [FIRING, OTHER]);
  expect(watch.told.slice(3)).toEqual(["incident-ended", "incident-began"]);
  await watch.end();
  expect(watch.recorder.counts).toMatchObject({ incidents: 3, failed: 0 });
});

test("files are parted by their size, and what is beyond the size of the incident is counted", async () => {
  const size = 2000 * blockLength(60);
  const watch = new SimulatedWatch({ size, splitSize: 600 * blockLength(60) });
  await watch.run(1);
  // Sampling, which the simulated host does not do, comes too late.
  await watch.run(3, [FIRING], 10);
  await watch.run(2);
  await watch.end();
  const { report } = watch;
  expectAddsUp(report);
  expect(report.packets.overLimit).toBeGreaterThan(0);
  expect(report.packets.written).toBe(2000);
  const names = readdirSync(join(watch.directory, report.name));
  expect(names).toEqual([1, 2, 3, 4].map((number) => `capture-000${number}.pcapng`).concat("incident.json"));
  const all = await Promise.all(
    names.slice(0, -1).map((name) => packetTimes(join(watch.directory, report.name, name))),
  );
  expect(all.flat()).toHaveLength(2000);
  expect(all.flat()).toEqual(all.flat().toSorted());
  expect(watch.sampling[0]).toBeGreaterThan(1);
  expect(watch.sampling.at(-1)).toBe(1);
});

test("packets from before a change of the sampling belong to the step before, however late they are written", async () => {
  const watch = new SimulatedWatch({ size: 3000 * blockLength(60) });
  await watch.run(3, [], 4);
  await watch.run(3, [FIRING], 4);
  await watch.end();
  const [whole, sampled] = watch.report.sampling as { oneIn: number; packets: number }[];
  // 2 s of history, to the packet.
  expect(whole).toMatchObject({ oneIn: 1, packets: 640 });
  expect(sampled?.oneIn).toBeGreaterThan(1);
});

test("a step of the sampling begins when the kernel has been told", async () => {
  const watch = new SimulatedWatch({ size: 3000 * blockLength(60) });
  watch.kernelSeconds = 0.03125;
  await watch.run(3, [], 4);
  const told = watch.time + BigInt((LOOK + watch.kernelSeconds) * 1e9);
  await watch.run(LOOK, [FIRING], 4);
  await watch.end();
  expect(watch.report.sampling).toMatchObject([{}, { time: zonedTime(told) }]);
});

test("a step of the clock neither ends an incident nor makes it last", async () => {
  const watch = new SimulatedWatch();
  await watch.run(3);
  await watch.run(1, [FIRING]);
  watch.step = -7_200_000_000_000n;
  await watch.run(0.5);
  expect(watch.told).toEqual(["incident-began"]);
  await watch.run(1);
  await watch.end();
  expect(watch.told).toEqual(["incident-began", "incident-ended"]);
  expect(watch.report.seconds).toBe(1.875);
  expectAddsUp(watch.report);
});

test("an incident that cannot begin is told, and the watch goes on", async () => {
  const watch = new SimulatedWatch();
  rmSync(watch.directory, { recursive: true });
  await watch.run(1);
  await watch.run(1, [FIRING]);
  expect(watch.events).toMatchObject([{ event: "incident-failed", reason: expect.stringContaining("ENOENT") }]);
  await watch.end();
  expect(watch.recorder.counts).toMatchObject({ incidents: 1, failed: 1, packets: 0 });
});

test("an incident whose directory is removed fails with every packet counted", async () => {
  const watch = new SimulatedWatch();
  await watch.run(1);
  await watch.run(0.5, [FIRING]);
  rmSync(watch.directory, { recursive: true });
  await watch.run(1, [FIRING]);
  await watch.end();
  expect(watch.told).toEqual(["incident-began", "incident-failed"]);
  expect(watch.events[1]).not.toHaveProperty("directory", expect.anything());
  expect(watch.recorder.counts).toMatchObject({ failed: 1, packets: 0 });
  expect(watch.recorder.counts.writeFailed).toBeGreaterThan(0);
});

test("a file behind which no other one can be opened is counted once", async () => {
  const watch = new SimulatedWatch({ splitSize: 50 * blockLength(60) });
  await watch.run(1, [FIRING]);
  const [name = ""] = readdirSync(watch.directory);
  renameSync(join(watch.directory, name), join(watch.directory, "moved"));
  await watch.run(2, [FIRING]);
  await watch.end();
  const files = ["capture-0001.pcapng", "capture-0002.pcapng"].map((file) => join(watch.directory, "moved", file));
  const times = await Promise.all(files.map((file) => packetTimes(file)));
  expect(watch.recorder.counts.packets).toBe(times.flat().length);
});

test("a window of the tables that began before the packets of an incident is not taken for nothing", async () => {
  const watch = new SimulatedWatch();
  await watch.run(10);
  const entries = [{ key: "192.0.2.1", packets: 80, bytes: 8000, syns: 80, error: 0, standardError: 0 }];
  const tables = new Map([["src", { entries, evicted: 0, missedAtMost: 0, oneIn: 1 }]] as const);
  // It lasts from before the history of two seconds, which begins with a whole second of the marks, until now.
  await watch.recorder.look([], { beganAt: watch.time - 4_000_000_000n, seconds: 4, tables });
  await watch.run(LOOK, [FIRING]);
  await watch.end();
  expect(watch.report.top).toEqual({ src: { entries: [], missedAtMost: 80, oneIn: 1 } });
});

test("the usual rate in packets is that of a rule about packets, and never one in bytes", async () => {
  const watch = new SimulatedWatch();
  const ofBytes = { rule: "bytes 8x", value: 90_000, threshold: 80_000, usual: 10_000.123_4 };
  await watch.run(LOOK, [ofBytes]);
  expect(watch.report).toMatchObject({ usualPacketsPerSecond: null, triggers: [{ usual: 10_000.123 }] });
  await watch.run(LOOK, [ofBytes, { rule: "8x", value: 9000, threshold: 8000, usual: 1000.123_4 }]);
  await watch.end();
  expect(watch.report).toMatchObject({ usualPacketsPerSecond: 1000.123 });
});

test("the first row of an incident begins before its first packet, and each one with a whole second", async () => {
  const watch = new SimulatedWatch();
  await watch.run(5.5);
  await watch.run(2, [FIRING]);
  await watch.run(2);
  await watch.end();
  const { firstPacket, bySecond, fingerprint } = watch.report as IncidentReport & {
    firstPacket: string;
    bySecond: { time: string; seconds: number; packets: number }[];
  };
  const [first, ...others] = bySecond.map(({ time }) => Date.parse(time));
  expect(first).toBeLessThanOrEqual(Date.parse(firstPacket));
  for (const time of others.concat(first ?? 1)) expect(time % 1000).toBe(0);
  expect(bySecond.slice(0, -1).every(({ seconds }) => seconds === 1)).toBe(true);
  const packets = bySecond.reduce((sum, row) => sum + row.packets, 0);
  const seconds = bySecond.reduce((sum, row) => sum + row.seconds, 0);
  expect(fingerprint).toMatchObject({
    time_start: new Date(first ?? 0).toISOString(),
    duration_seconds: Math.round(seconds),
    total_packets: packets,
    avg_pps: Math.round(packets / seconds),
  });
});

test("packets that lay in the rings at the first moment were seen, too", async () => {
  const watch = new SimulatedWatch();
  await watch.run(1.5);
  // The kernel counts these before the mark that the incident counts from, and hands them over behind it.
  watch.matched += 500;
  await watch.run(1);
  watch.delivered += 500;
  await watch.recorder.write(batchAt(Array.from({ length: 500 }, () => watch.time)));
  await watch.run(1.5);
  await watch.run(1, [FIRING]);
  await watch.end();
  const { seen, matched, written } = watch.report.packets;
  expect(written).toBeGreaterThan(500);
  expect(seen).toBe(matched);
});

test("a flood that would fill a small incident at once is recorded to its end", async () => {
  const size = 2000 * blockLength(60);
  const watch = new SimulatedWatch({ size });
  watch.obeys = true;
  await watch.run(3);
  // Half a second of it lies in the rings when it is noticed, which is twice the size of the incident.
  watch.matched += 4000;
  watch.delivered += 4000;
  await watch.recorder.write(batchAt(Array.from({ length: 4000 }, () => watch.time)));
  await watch.run(20, [FIRING], 100);
  await watch.end();
  const { report } = watch;
  expectAddsUp(report);
  expect(report.packets.written).toBeLessThanOrEqual(2000);
  const times = await packetTimes(join(watch.directory, report.name, "capture.pcapng"));
  expect(Number(watch.time - (times.at(-1) ?? 0n)) / 1e9).toBeLessThan(1);
  const steps = (report as unknown as { sampling: { oneIn: number; packets: number }[] }).sampling;
  // The packets of the steps stand for all that came, beside those that were beyond the size.
  const estimated = steps.slice(1).reduce((sum, { oneIn, packets }) => sum + oneIn * packets, 0);
  expect(estimated).toBeGreaterThan(0.75 * 20 * 8 * 1000);
});
