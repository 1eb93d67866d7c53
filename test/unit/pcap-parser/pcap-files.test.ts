import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pcapFile } from "../../../scripts/lib/capture-samples.mjs";
import { CaptureFileError, PcapParser } from "../../../src/pcap-parser/index.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { readBytes } from "./read-capture.ts";

const NANOSECONDS = 0xa1b23c4d;
const MODIFIED = 0xa1b2cd34;
const IXIA = 0x1c0001ac;
const RECORDS = [
  { seconds: 1_700_000_000, fraction: 123_456, data: Uint8Array.of(1, 2, 3), originalLength: 1003 },
  { seconds: 0xffff_ffff, fraction: 999_999, data: new Uint8Array(0), originalLength: 1000 },
];

describe.each([
  ["little-endian", true],
  ["big-endian", false],
])("a %s pcap file", (_, littleEndian) => {
  it.each([
    ["microseconds", {}, 123_456_000, "standard"],
    ["nanoseconds", { magic: NANOSECONDS }, 123_456, "standard"],
    ["the modified record header", { magic: MODIFIED, recordTail: new Uint8Array(8) }, 123_456_000, "modified"],
    ["Ixia's longer file header", { magic: IXIA, headerTail: new Uint8Array(4) }, 123_456_000, "ixia"],
    ["the lengths of version 2.2", { version: [2, 2], swappedLengths: true }, 123_456_000, "standard"],
    ["the lengths of DG/UX", { version: [543, 0], swappedLengths: true }, 123_456_000, "standard"],
    ["the lengths of version 2.3, swapped", { version: [2, 3], swappedLengths: true }, 123_456_000, "standard"],
    ["the lengths of version 2.3, in order", { version: [2, 3] }, 123_456_000, "standard"],
  ] as const)("is read with %s", (_name, shape, nanoseconds, variant) => {
    const [major, minor] = "version" in shape ? shape.version : [2, 4];
    const file = pcapFile({ ...shape, version: [major, minor], littleEndian, linkField: 113 }, RECORDS);
    const { packets, error } = readBytes(file);
    expect(error).toBeUndefined();
    expect(packets).toHaveLength(2);
    expect(packets[0]).toMatchObject({
      number: 1,
      timestamp: 1_700_000_000_000_000_000n + BigInt(nanoseconds),
      seconds: 1_700_000_000,
      nanoseconds,
      capturedLength: 3,
      originalLength: 1003,
      hasTimestamp: true,
      data: Uint8Array.of(1, 2, 3),
      interface: { id: 0, linkType: 113, snapshotLength: 65_535 },
    });
    expect(packets[1]).toMatchObject({ number: 2, seconds: 0xffff_ffff, capturedLength: 0, originalLength: 1000 });
    expect(new PcapParser(file).readFormat()).toMatchObject({ type: "pcap", variant, littleEndian });
  });

  it("of AIX has nanoseconds and numbers link types its own way", () => {
    const file = pcapFile({ littleEndian, version: [2, 2], linkField: 6, swappedLengths: true }, RECORDS);
    const [packet] = readBytes(file).packets;
    expect(packet).toMatchObject({ nanoseconds: 123_456, interface: { linkType: 1 } });
  });

  it("says how long the frame check sequence is", () => {
    const [packet] = readBytes(pcapFile({ littleEndian, linkField: 0x2400_0001 }, RECORDS)).packets;
    expect(packet?.interface).toMatchObject({ linkType: 1, fcsLength: 4 });
  });
});

it("a frame check sequence is unknown without its flag, whatever its length says", () => {
  expect(readBytes(pcapFile({ linkField: 0x3000_0001 }, RECORDS)).packets[0]?.interface).toMatchObject({
    linkType: 1,
    fcsLength: undefined,
  });
});

it("what editcap writes with the modified record header is what it was given", () => {
  const records = RECORDS.map((record) => ({ ...record, fraction: 5 }));
  const path = join(temporaryDirectory(), "standard.pcap");
  writeFileSync(path, pcapFile({}, records));
  const modified = execFileSync("editcap", ["-F", "modpcap", path, "-"], { stdio: ["ignore", "pipe", "ignore"] });
  const shown = (bytes: Uint8Array) =>
    readBytes(bytes).packets.map(({ timestamp, originalLength, data }) => [timestamp, originalLength, [...data]]);
  expect(new PcapParser(modified).readFormat()).toMatchObject({ variant: "modified" });
  expect(shown(modified)).toEqual(shown(readFileSync(path)));
});

it("a fraction of more than a second goes to the seconds", () => {
  const records = [{ seconds: 1, fraction: 0xffff_ffff, data: Uint8Array.of(1) }];
  expect(readBytes(pcapFile({}, records)).packets[0]).toMatchObject({ seconds: 4295, nanoseconds: 967_295_000 });
  expect(readBytes(pcapFile({ magic: NANOSECONDS }, records)).packets[0]?.timestamp).toBe(5_294_967_295n);
});

it("a view that starts within its buffer is read in place", () => {
  const shifted = Buffer.concat([Buffer.alloc(5), pcapFile({}, RECORDS)]).subarray(5);
  const [packet] = new PcapParser(shifted).packets();
  expect(packet?.data.buffer).toBe(shifted.buffer);
  expect(packet).toMatchObject({ data: Buffer.from([1, 2, 3]), fileOffset: 24 });
});

it("a cursor gives what the packet objects have", () => {
  const records = Array.from({ length: 50 }, (_, index) => ({ data: new Uint8Array(index).fill(index) }));
  const file = pcapFile({}, records);
  const packets = [...new PcapParser(file).packets()];
  let count = 0;
  for (const batch of new PcapParser(file)) {
    const cursor = batch.cursor();
    while (cursor.next()) {
      const { number, timestamp, seconds, nanoseconds, capturedLength, originalLength, fileOffset, data } = cursor;
      const fields = { number, timestamp, seconds, nanoseconds, capturedLength, originalLength, fileOffset, data };
      expect(packets[count]).toMatchObject(fields);
      expect(cursor.bytes.subarray(cursor.start, cursor.start + capturedLength)).toEqual(data);
      expect(cursor.record).toEqual(file.subarray(fileOffset, fileOffset + 16 + capturedLength));
      expect(cursor.interface).toBe(batch.section.interfaces[0]);
      count++;
    }
  }
  expect(count).toBe(50);
});

it("packets are numbered through more batches than one", () => {
  const records = Array.from({ length: 40_000 }, () => ({ data: new Uint8Array(0) }));
  const parser = new PcapParser(pcapFile({}, records));
  const firsts = [...parser].map((batch) => [batch.count, [...batch][0]?.number]);
  expect(firsts).toEqual([
    [16_384, 1],
    [16_384, 16_385],
    [7232, 32_769],
  ]);
  expect(parser.packetCount).toBe(40_000);
});

describe("a broken pcap file", () => {
  it("yields the packets before one that is cut off, wherever the cut is and however it comes", () => {
    const file = pcapFile({}, [...RECORDS, { data: Uint8Array.of(1, 2, 3, 4) }]);
    const last = file.length - 20;
    for (let length = last + 1; length < file.length; length++) {
      for (const piece of [1, 7, length]) {
        const { packets, error } = readBytes(file.subarray(0, length), piece);
        expect(packets).toHaveLength(2);
        expect(error).toBeInstanceOf(CaptureFileError);
        expect(error).toMatchObject({ code: "INPUT", reason: "truncated", offset: last });
        expect(error?.message).toContain(`byte ${last}: the file is cut off at byte ${length}`);
      }
    }
    expect(readBytes(file.subarray(0, last)).error).toBeUndefined();
  });

  it("is refused at a captured length that no capture has, after the packets before it", () => {
    const at = pcapFile({}, RECORDS).length;
    const whole = pcapFile({}, [...RECORDS, { data: new Uint8Array(0), capturedLength: 262_145 }]);
    const { packets, error } = readBytes(whole);
    expect(packets).toHaveLength(2);
    expect(error).toMatchObject({ code: "INPUT", reason: "corrupt", offset: at });
  });

  it("may have a packet of 262,144 bytes", () => {
    const { packets, error } = readBytes(pcapFile({}, [{ data: new Uint8Array(262_144) }]), 100_000);
    expect(error).toBeUndefined();
    expect(packets[0]?.data).toHaveLength(262_144);
  });

  it("gives its error again each time it is asked", () => {
    const parser = new PcapParser(pcapFile({}, RECORDS).subarray(0, -1));
    expect(parser.next()?.count).toBe(1);
    for (let time = 0; time < 3; time++) expect(() => parser.next()).toThrow("cut off");
  });

  it.each([
    ["nothing", new Uint8Array(0), "truncated", "byte 0"],
    ["half a file header", pcapFile({}, []).subarray(0, 12), "truncated", "byte 12"],
    ["another magic number", new Uint8Array(24), "unsupported", "0x00000000"],
    ["a zstd file", Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0), "unsupported", "0x28b52ffd"],
    ["gzip, synchronously", Uint8Array.of(0x1f, 0x8b, 8, 0), "unsupported", "gzip"],
    ["version 1", pcapFile({ version: [1, 9] }, RECORDS), "unsupported", "version 1.9"],
    ["a link type of more than 16 bits", pcapFile({ linkField: 0x1_0001 }, RECORDS), "corrupt", "0x00010001"],
  ])("is refused if it is %s", (_, bytes, reason, text) => {
    const { packets, error } = readBytes(bytes);
    expect(packets).toHaveLength(0);
    expect(error).toMatchObject({ code: "INPUT", reason, message: expect.stringContaining(text) });
  });
});
