import { openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { pcapFile } from "../../../scripts/lib/capture-samples.mjs";
import { PcapParser } from "../../../src/pcap-parser/index.ts";
import { PcapWriter, SNAPSHOT_LENGTH_MAX } from "../../../src/pcap-writer/index.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const RECORDS = [0, 1, 59, 60, 61, 1514, 65_535, 262_144].map((length, index) => ({
  seconds: [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff][index % 5] ?? 0,
  fraction: [0, 1, 999_999, 500_000][index % 4] ?? 0,
  data: Uint8Array.from({ length }, (_, at) => at * 7),
  originalLength: Math.max(0, length + ((index % 4) - 1) * 1000),
}));

/** Reads a pcap file and writes what was read. */
function rewrite(bytes: Uint8Array): Buffer {
  const path = join(temporaryDirectory(), "copy.pcap");
  const parser = new PcapParser(bytes);
  const format = parser.readFormat();
  if (format?.type !== "pcap") throw new Error("not a pcap file");
  const { linkType, precision, fcsLength } = format;
  // A header may claim more, or 0 for no limit; no packet that is read is longer.
  const snapshotLength = Math.min(format.snapshotLength || SNAPSHOT_LENGTH_MAX, SNAPSHOT_LENGTH_MAX);
  const writer = new PcapWriter(openSync(path, "w"), path, { linkType, snapshotLength, precision, fcsLength });
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
    for (const snapshotLength of [1, 96, 262_144]) {
      const file = pcapFile({ magic, linkField, snapshotLength }, RECORDS);
      expect(rewrite(file).equals(file)).toBe(true);
    }
  }
});

it("a big-endian file becomes the little-endian one with the same packets", () => {
  expect(rewrite(pcapFile({ littleEndian: false }, RECORDS)).equals(pcapFile({}, RECORDS))).toBe(true);
});

const fixtures = join(import.meta.dirname, "../../../fixtures");
const fixture = (name: string) => {
  const bytes = readFileSync(join(fixtures, name));
  return name.endsWith(".gz") ? gunzipSync(bytes) : bytes;
};

/** Of another form than the one that is written, and what has the same packets in that. */
const OTHER_FORMS: Readonly<Record<string, string>> = {
  "big-endian.pcap": "compressed.pcap.gz",
  "big-endian-nanoseconds.pcap": "nanoseconds.pcap",
  "modified.pcap": "compressed.pcap.gz",
};

/** All but those whose packets have the byte order of the host: pseudo-headers.test.ts reads them. */
const names = readdirSync(fixtures).filter((name) => /^(?!host-order-).*\.pcap(\.gz)?$/.test(name));

it.each(names)("%s is written as it was read", (name) => {
  const expected = fixture(OTHER_FORMS[name] ?? name);
  expect(rewrite(fixture(name)).equals(expected)).toBe(true);
});

it.each([2, 4, 6, 30])("a frame check sequence of %i bytes is announced again", (fcsLength) => {
  const file = pcapFile({ linkField: (1 | 0x0400_0000 | ((fcsLength / 2) << 28)) >>> 0 }, RECORDS);
  expect(rewrite(file).equals(file)).toBe(true);
});
