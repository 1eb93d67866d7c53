import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { pcapFile } from "../../../scripts/lib/capture-samples.mjs";
import { PcapParser } from "../../../src/pcap-parser/index.ts";
import { PcapWriter } from "../../../src/pcap-writer/index.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const RECORDS = [0, 1, 59, 60, 61, 1514, 65_535, 262_144].map((length, index) => ({
  seconds: [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff][index % 5] ?? 0,
  fraction: [0, 1, 999_999, 500_000][index % 4] ?? 0,
  data: Uint8Array.from({ length }, (_, at) => at * 7),
  originalLength: length + (index % 3) * 1000,
}));

/** Reads a pcap file and writes what was read. */
function rewrite(bytes: Uint8Array): Buffer {
  const path = join(temporaryDirectory(), "copy.pcap");
  const parser = new PcapParser(bytes);
  const format = parser.readFormat();
  if (format?.type !== "pcap") throw new Error("not a pcap file");
  const { linkType, snapshotLength, precision } = format;
  const writer = new PcapWriter(openSync(path, "w"), path, { linkType, snapshotLength, precision });
  for (const batch of parser) {
    const packet = batch.cursor();
    while (packet.next()) {
      const { seconds, nanoseconds, originalLength, start, capturedLength } = packet;
      writer.append(seconds, nanoseconds, originalLength, packet.bytes, start, capturedLength);
    }
  }
  writer.close();
  return readFileSync(path);
}

it.each([
  ["microseconds", 0xa1b2c3d4],
  ["nanoseconds", 0xa1b23c4d],
])("a pcap file with %s is written as it was read, byte by byte", (_, magic) => {
  for (const linkField of [1, 101, 113, 0xffff]) {
    for (const snapshotLength of [1, 96, 262_144, 0xffff_ffff]) {
      const file = pcapFile({ magic, linkField, snapshotLength }, RECORDS);
      expect(rewrite(file).equals(file)).toBe(true);
    }
  }
});

it("a big-endian file becomes the little-endian one with the same packets", () => {
  expect(rewrite(pcapFile({ littleEndian: false }, RECORDS)).equals(pcapFile({}, RECORDS))).toBe(true);
});
