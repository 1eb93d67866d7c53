import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { crc32, gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { pcapFile } from "../../../scripts/lib/capture-samples.mjs";
import { mutate, randomNumbers } from "../../../scripts/lib/parser-fuzz.mjs";
import { openCapture } from "../../../src/pcap-parser/index.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { linesOf, readBytes, readInput } from "./read-capture.ts";

const random = randomNumbers(7);
const RECORDS = Array.from({ length: 2000 }, (_, index) => ({
  fraction: index,
  data: Uint8Array.from({ length: index % 150 }, () => random() & 15),
}));
const PCAP = pcapFile({}, RECORDS);
const GZIP = gzipSync(PCAP);
const LINES = linesOf(readBytes(PCAP).packets);

/** The judge: gzip itself. 2 is a warning: it ignored something. */
function gzipSays(bytes: Uint8Array): { status: number | null; whole: boolean } {
  const path = join(temporaryDirectory(), "file.gz");
  writeFileSync(path, bytes);
  const { status, stdout } = spawnSync("gzip", ["-dc", path], { maxBuffer: 1 << 28 });
  return { status, whole: stdout.subarray(0, PCAP.length).equals(PCAP) };
}

async function read(bytes: Uint8Array | Readable) {
  const capture = await openCapture(bytes);
  let packets = 0;
  let error: unknown;
  try {
    for await (const batch of capture) packets += batch.count;
  } catch (thrown) {
    error = thrown;
  }
  return { packets, error, trailingGarbage: capture.trailingGarbage };
}

describe("bytes behind gzip data", () => {
  it.each([
    ["nothing", Buffer.alloc(0), 0],
    ["a zero", Buffer.alloc(1), 0],
    ["many zeros", Buffer.alloc(200_000), 0],
    ["zeros and text", Buffer.from("\0\0text"), 2],
    ["two letters", Buffer.from("xy"), 2],
    ["text", Buffer.from("written behind the end"), 2],
    ["much of it", Buffer.alloc(300_000, "garbage"), 2],
    ["half of a magic number and more", Buffer.of(0x1f, 0, 0, 0), 2],
    ["a member of nothing", gzipSync(""), 0],
    ["a member of nothing and text", Buffer.concat([gzipSync(""), Buffer.from("text")]), 2],
  ])("%s: every packet is there, and it is known whether something was ignored", async (_, behind, status) => {
    const bytes = Buffer.concat([GZIP, behind]);
    expect(gzipSays(bytes)).toEqual({ status, whole: true });
    // gzip warns of what follows zeros, too; here the two bytes behind the data tell.
    const trailingGarbage = status === 2 && behind[0] !== 0;
    expect(await read(bytes)).toEqual({ packets: RECORDS.length, error: undefined, trailingGarbage });
  });

  it.each([
    ["one byte of another member", Buffer.of(0x1f), "truncated"],
    ["the magic number of another member", Buffer.of(0x1f, 0x8b), "truncated"],
    ["a member of another method", Buffer.of(0x1f, 0x8b, 9, 0, 0, 0, 0, 0, 0, 0), "corrupt"],
    ["a member with reserved flags", Buffer.of(0x1f, 0x8b, 8, 0xe0, 0, 0, 0, 0, 0, 0), "corrupt"],
    ["a member that is broken", Buffer.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff, 0xff, 0xff), "corrupt"],
    ["a member that is cut off", gzipSync("more").subarray(0, -4), "truncated"],
  ])("%s: every packet before it is there, then the error", async (_, behind, reason) => {
    const bytes = Buffer.concat([GZIP, behind]);
    expect(gzipSays(bytes)).toEqual({ status: 1, whole: true });
    const { packets, error } = await read(bytes);
    expect(packets).toBe(RECORDS.length);
    expect(error).toMatchObject({ code: "INPUT", reason });
    expect((error as { offset: number }).offset).toBeGreaterThanOrEqual(GZIP.length);
  });
});

describe("a member", () => {
  it("may have every field in its header", async () => {
    const [body, trailer] = [GZIP.subarray(10, -8), GZIP.subarray(-8)];
    const extra = Buffer.concat([Buffer.of(0x2c, 0x01), Buffer.alloc(300, 1)]);
    const text = Buffer.from(`${"n".repeat(1000)}\0comment\0`);
    const header = Buffer.concat([Buffer.of(0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3), extra, text]);
    const sum = Buffer.alloc(2);
    sum.writeUInt16LE(crc32(header) & 0xffff);
    const bytes = Buffer.concat([header, sum, body, trailer]);
    expect(gzipSays(bytes)).toEqual({ status: 0, whole: true });
    expect(await read(bytes)).toMatchObject({ packets: RECORDS.length, error: undefined });
    for (let length = 2; length < header.length + 2; length += 13) {
      await expect(openCapture(bytes.subarray(0, length))).rejects.toMatchObject({ reason: "truncated" });
    }
  });

  it("may begin and end anywhere in the chunks", async () => {
    const small = pcapFile({}, RECORDS.slice(0, 12));
    const members = Buffer.concat([gzipSync(small.subarray(0, 100)), gzipSync(""), gzipSync(small.subarray(100))]);
    const bytes = Buffer.concat([members, Buffer.from("garbage")]);
    for (let cut = 1; cut < bytes.length; cut++) {
      const chunks = Readable.from([bytes.subarray(0, cut), bytes.subarray(cut)]);
      expect(await read(chunks)).toEqual({ packets: 12, error: undefined, trailingGarbage: true });
    }
  });

  it.each([
    ["checksum", 8],
    ["length", 4],
  ])("with a wrong %s is broken, after its packets", async (_, fromEnd) => {
    const bytes = Buffer.from(GZIP);
    bytes.writeUInt32LE(0x1234_5678, bytes.length - fromEnd);
    const { packets, error } = await read(bytes);
    expect(packets).toBe(RECORDS.length);
    expect(error).toMatchObject({ reason: "corrupt", offset: bytes.length - fromEnd });
  });
});

it("mutated gzip data is read as Node.js reads it, or refused after what came out of it", async () => {
  const small = gzipSync(pcapFile({}, RECORDS.slice(0, 40)));
  const outcomes = { whole: 0, refused: 0 };
  for (let turn = 0; turn < 400; turn++) {
    const bytes = mutate(small, random, [small]);
    let expected: Buffer | undefined;
    try {
      expected = gunzipSync(bytes);
    } catch {}
    if (expected === undefined) {
      await readInput(bytes);
      outcomes.refused++;
      continue;
    }
    outcomes.whole++;
    expect(linesOf((await readInput(bytes)).packets)).toEqual(linesOf(readBytes(expected).packets));
  }
  expect(Math.min(outcomes.whole, outcomes.refused)).toBeGreaterThan(5);
});

it("gzip within gzip is refused with what helps", async () => {
  const twice = gzipSync(GZIP);
  await expect(openCapture(twice)).rejects.toMatchObject({
    message: "read the capture: inflated byte 0: gzip within gzip, which is not read",
    hint: "take one of them off: gzip -d",
  });
  const once = execFileSync("gzip", ["-dc"], { input: twice, maxBuffer: 1 << 28 });
  expect(linesOf((await readInput(once)).packets)).toEqual(LINES);
});
