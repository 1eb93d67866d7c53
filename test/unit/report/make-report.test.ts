/** Several files in one report: their order, what is wrong with one of them, and where the reading is stopped. */
import { createHash } from "node:crypto";
import { linkSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { report as reportOf } from "../../../src/library/report.ts";
import { PcapWriter } from "../../../src/pcap-writer/index.ts";
import { withoutDuplicates } from "../../../src/report/files/in-order.ts";
import { OpenedFile } from "../../../src/report/files/opened-file.ts";
import { makeReport } from "../../../src/report/make-report.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

/** A file of so many packets from a second on. */
function pcap(second: number, count: number): Buffer {
  const path = join(temporaryDirectory(), "made.pcap");
  using writer = PcapWriter.create(path, { linkType: 1 });
  for (let index = 0; index < count; index++) {
    writer.write({ timestamp: BigInt(second + index) * 1_000_000_000n, data: Buffer.alloc(60) });
  }
  writer.flush();
  return readFileSync(path);
}

async function opened(...paths: readonly string[]): Promise<OpenedFile[]> {
  const files = await Promise.all(paths.map((path) => OpenedFile.open(path)));
  onTestFinished(async () => {
    for (const file of files) await file.close();
  });
  return files;
}

const options = {
  signal: new AbortController().signal,
  ringcap: "0",
  command: ["ringcap", "report"],
  filter: null,
};

test("files are read in the order of their first packets, with their hashes", async () => {
  const directory = temporaryDirectory();
  const contents = { "a.pcap": pcap(300, 1), "b.pcap.gz": gzipSync(pcap(100, 2)), "c.pcap": pcap(200, 3) };
  for (const [name, bytes] of Object.entries(contents)) writeFileSync(join(directory, name), bytes);
  const paths = Object.keys(contents).map((name) => join(directory, name));
  const { report, faults } = await makeReport(await opened(...paths), options);
  expect(faults).toEqual([]);
  expect(report.packets.read).toBe(6);
  expect(report.verdict).toMatchObject({ title: "No packets of IP: nothing else is judged", confidence: 0 });
  expect(report.completeness.outOfOrder).toBe(0);
  expect(report.files.map(({ name, packets, compression, fault }) => [name, packets, compression, fault])).toEqual([
    [paths[1], 2, "gzip", null],
    [paths[2], 3, null, null],
    [paths[0], 1, null, null],
  ]);
  for (const { name, sha256, bytes } of report.files) {
    expect(sha256).toBe(createHash("sha256").update(readFileSync(name)).digest("hex"));
    expect(bytes).toBe(readFileSync(name).length);
  }
});

test("a report has one number of the sources of a flood", async () => {
  const { report } = await makeReport(await opened("fixtures/syn-flood-ipv4.pcap"), options);
  const sources = { value: 1800, error: 0 };
  expect(report.spoofing.uniqueSources).toEqual(sources);
  expect(report.spoofing.ttls).toMatchObject([{ ttl: 64, sources }]);
  const told = [...report.verdict.reasons, ...report.verdict.spoofed.reasons]
    .join(" ")
    .match(/about [\d,]+ addresses/g);
  expect(new Set(told)).toEqual(new Set(["about 1,800 addresses"]));
});

test("files that are cut off or are no captures are told of, and the others are reported", async () => {
  const directory = temporaryDirectory();
  const paths = ["cut.pcap", "none.pcap", "whole.pcap"].map((name) => join(directory, name));
  writeFileSync(paths[0] ?? "", pcap(100, 3).subarray(0, -10));
  writeFileSync(paths[1] ?? "", "not a capture");
  writeFileSync(paths[2] ?? "", pcap(200, 4));
  const { report, faults } = await makeReport(await opened(...paths), options);
  expect(faults).toHaveLength(2);
  expect(report.packets.read).toBe(6);
  expect(report.files.map(({ name, format, packets }) => [name, format, packets])).toEqual([
    [paths[0], "pcap", 2],
    [paths[2], "pcap", 4],
    [paths[1], null, 0],
  ]);
  const [cut, whole, none] = report.files.map(({ fault }) => fault);
  expect(cut).toMatch(/the file is cut off at byte/);
  expect(whole).toBeNull();
  expect(none).toMatch(/is not the magic number/);
});

test("without one file that can be read there is no report", async () => {
  const path = join(temporaryDirectory(), "none.pcap");
  writeFileSync(path, "not a capture");
  await expect(makeReport(await opened(path), options)).rejects.toThrow(/is not the magic number/);
});

test("what is stopped reports what was read, and says of each file that it was stopped", async () => {
  const directory = temporaryDirectory();
  const paths = ["a.pcap", "b.pcap"].map((name) => join(directory, name));
  for (const path of paths) writeFileSync(path, pcap(100, 3));
  const stop = new AbortController();
  const files = await opened(...paths);
  const select = () => {
    stop.abort();
    return Promise.reject(new Error("no source"));
  };
  const { report, faults } = await makeReport(files, { ...options, signal: stop.signal, select });
  expect(faults).toEqual([]);
  expect(report.files.map(({ fault, packets }) => [fault, packets])).toEqual([
    ["the reading was stopped", 0],
    ["the reading was stopped", 0],
  ]);
});

test("a file with several names is read once", async () => {
  const directory = temporaryDirectory();
  const path = join(directory, "x.pcap");
  writeFileSync(path, pcap(100, 1));
  linkSync(path, join(directory, "hard.pcap"));
  symlinkSync("x.pcap", join(directory, "soft.pcap"));
  const files = await opened(path, join(directory, "hard.pcap"), join(directory, "soft.pcap"), path);
  const { once, again } = withoutDuplicates(files);
  expect(once.map(({ name }) => name)).toEqual([path]);
  expect(again).toHaveLength(3);
});

test("the library reports files, and throws a fault unless somebody takes it", async () => {
  const directory = temporaryDirectory();
  const [whole, cut] = [join(directory, "whole.pcap"), join(directory, "cut.pcap")];
  writeFileSync(whole, pcap(100, 3));
  writeFileSync(cut, pcap(200, 3).subarray(0, -10));
  expect(await reportOf(whole)).toMatchObject({ kind: "ringcap-report", command: [], packets: { read: 3 } });
  await expect(reportOf([whole, cut])).rejects.toThrow(/cut off at byte/);
  const faults: unknown[] = [];
  const report = await reportOf([whole, cut, whole], { onFault: (fault) => faults.push(fault) });
  expect([report.packets.read, faults.length]).toEqual([5, 1]);
  await expect(reportOf([])).rejects.toThrow("files: no file is named");
});
