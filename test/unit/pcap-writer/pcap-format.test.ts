/** The bytes of the file, against draft-ietf-opsawg-pcap written out by hand, and against other programs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type PcapFormat, type PcapPacket, PcapWriter, pcapFileHeader } from "../../../src/pcap-writer/index.ts";
import { ethernet, ipv4, udp } from "../../support/frames.ts";
import { capinfos, readableByAll, readPcapWithEditcap } from "../../support/pcap-fixture.ts";
import { describeWith, requirements } from "../../support/privileges.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

function writeFile(format: PcapFormat, packets: readonly PcapPacket[]): string {
  const path = join(temporaryDirectory(), "out.pcap");
  const writer = PcapWriter.create(path, format);
  for (const packet of packets) writer.write(packet);
  writer.close();
  return path;
}

/** The bytes of a file that holds these packets, in hexadecimal, in groups of four bytes. */
function hexOf(format: PcapFormat, packets: readonly PcapPacket[] = []): string {
  const bytes = readFileSync(writeFile(format, packets)).toString("hex");
  return bytes.replaceAll(/(.{8})(?=.)/g, "$1 ");
}

const ethernetHeader = "d4c3b2a1 02000400 00000000 00000000 00000400 01000000";

describe("the file header", () => {
  test("is magic number, version 2.4, two zeros, snapshot length and link type, the least significant byte first", () => {
    expect(hexOf({ linkType: 1 })).toBe(ethernetHeader);
  });

  test("has another magic number for nanoseconds", () => {
    expect(hexOf({ linkType: 1, precision: "nano" })).toBe("4d3cb2a1 02000400 00000000 00000000 00000400 01000000");
  });

  test("carries the link type and the snapshot length that were asked for", () => {
    expect(hexOf({ linkType: 101, snapshotLength: 128 })).toBe("d4c3b2a1 02000400 00000000 00000000 80000000 65000000");
  });

  test.each([-2, 1, 2.5, 32, NaN])("refuses a frame check sequence of %d bytes", (fcsLength) => {
    expect(() => pcapFileHeader({ linkType: 1, fcsLength })).toThrow(
      expect.objectContaining({ code: "USAGE", message: expect.stringContaining("fcsLength: ") }),
    );
  });

  test.each([-1, 1.5, 65_536, NaN, Infinity])("refuses the link type %d", (linkType) => {
    expect(() => pcapFileHeader({ linkType })).toThrow(
      expect.objectContaining({ code: "USAGE", message: expect.stringContaining(`linkType: ${linkType} is not`) }),
    );
  });

  test.each([0, -1, 1.5, NaN, 262_145, 2 ** 32])("refuses the snapshot length %d, which no file can hold", (length) => {
    expect(() => pcapFileHeader({ linkType: 1, snapshotLength: length })).toThrow(
      expect.objectContaining({ code: "USAGE", message: expect.stringContaining(`snapshotLength: ${length} is not`) }),
    );
  });

  test("refuses a precision that does not exist", () => {
    const precision = "milli" as "micro";
    expect(() => pcapFileHeader({ linkType: 1, precision })).toThrow(
      expect.objectContaining({ code: "USAGE", message: 'precision: "milli" is neither micro nor nano' }),
    );
  });
});

describe("a packet record", () => {
  const packet = { timestamp: 0x6543_2100n * 1_000_000_000n + 123_456_789n, data: Uint8Array.of(1, 2, 3, 4) };

  test("is seconds, microseconds, captured and original length, and the data without padding", () => {
    const first = "00214365 40e20100 04000000 04000000 01020304";
    const second = "00214365 40e20100 01000000 01000000 ff";
    expect(hexOf({ linkType: 1 }, [packet, { ...packet, data: Uint8Array.of(255) }])).toBe(
      `${ethernetHeader} ${first} ${second}`,
    );
  });

  test("keeps nanoseconds where they are wanted", () => {
    expect(hexOf({ linkType: 1, precision: "nano" }, [packet])).toMatch(
      / 00214365 15cd5b07 04000000 04000000 01020304$/,
    );
  });

  test("is cut to the snapshot length, and keeps the length that the packet had", () => {
    expect(hexOf({ linkType: 1, snapshotLength: 2 }, [packet])).toMatch(/ 00214365 40e20100 02000000 04000000 0102$/);
  });

  test("says how long the packet was on the wire where the data was cut before", () => {
    expect(hexOf({ linkType: 1 }, [{ ...packet, originalLength: 1514 }])).toMatch(/ 04000000 ea050000 01020304$/);
  });

  test("may be without data", () => {
    expect(hexOf({ linkType: 1 }, [{ ...packet, data: new Uint8Array(0) }])).toMatch(/ 40e20100 00000000 00000000$/);
  });

  test("goes into the file as it is by append(), of which the caller knows the lengths", () => {
    const path = join(temporaryDirectory(), "out.pcap");
    const writer = PcapWriter.create(path, { linkType: 1, snapshotLength: 2 });
    writer.append(1, 0, 9, Uint8Array.of(9, 1, 2, 3, 4), 1, 4);
    writer.close();
    expect(readFileSync(path).toString("hex", 24)).toBe("01000000000000000400000009000000" + "01020304");
  });
});

describe("a time", () => {
  const data = Uint8Array.of(1);
  const secondsAndFraction = (precision: "micro" | "nano", timestamp: bigint) =>
    hexOf({ linkType: 1, precision }, [{ timestamp, data }]).slice(54, 71);

  test("is cut off, not rounded, to microseconds", () => {
    expect(secondsAndFraction("micro", 1_999_999_999n)).toBe("01000000 3f420f00");
  });

  test("may be the epoch, and the last nanosecond of 32 bits", () => {
    expect(secondsAndFraction("nano", 0n)).toBe("00000000 00000000");
    expect(secondsAndFraction("nano", 2n ** 32n * 1_000_000_000n - 1n)).toBe("ffffffff ffc99a3b");
  });

  test.each([-1n, 2n ** 32n * 1_000_000_000n])("of %d ns has no place in the file", (timestamp) => {
    const writer = PcapWriter.create(join(temporaryDirectory(), "out.pcap"), { linkType: 1 });
    expect(() => writer.write({ timestamp, data })).toThrow(expect.objectContaining({ code: "USAGE" }));
    expect(writer.packetsPending).toBe(0);
    writer.close();
  });
});

test("an original length below the captured bytes is written, as files are found to have it", () => {
  const packet = { timestamp: 0n, data: Uint8Array.of(1, 2, 3, 4) };
  expect(hexOf({ linkType: 1 }, [{ ...packet, originalLength: 3 }])).toMatch(/ 04000000 03000000 01020304$/);
  expect(hexOf({ linkType: 1 }, [{ ...packet, originalLength: 0 }])).toMatch(/ 04000000 00000000 01020304$/);
});

test.each([-1, 4.5, NaN, 2 ** 32])("an original length of %d for four captured bytes is refused", (originalLength) => {
  const writer = PcapWriter.create(join(temporaryDirectory(), "out.pcap"), { linkType: 1 });
  expect(() => writer.write({ timestamp: 0n, data: new Uint8Array(4), originalLength })).toThrow(
    expect.objectContaining({
      code: "USAGE",
      message: expect.stringContaining(`originalLength: ${originalLength} is not`),
    }),
  );
  expect(writer.packetsPending).toBe(0);
  writer.close();
});

describeWith(requirements.tools("capinfos", "tshark", "tcpdump"), "other programs", () => {
  const frame = ethernet({ payload: ipv4({ payload: udp() }) });
  const lengths = [0, 1, 255, 256, 257, 1514, 65_535, 262_144];
  /** With lengths around those at which the way of copying changes. */
  const packets = lengths.map((length, index) => {
    const data = new Uint8Array(length).map((_, at) => frame[at] ?? at);
    return { timestamp: 1_700_000_000_123_456_789n + BigInt(index), data };
  });

  test.each(["micro", "nano"] as const)("read a file of %sseconds as it was written", async (precision) => {
    const path = writeFile({ linkType: 1, precision }, packets);
    expect(await readableByAll(path)).toEqual([]);
    const unit = precision === "micro" ? 1000n : 1n;
    const read = await readPcapWithEditcap(path);
    expect(read.map(({ capturedLength, originalLength }) => [capturedLength, originalLength])).toEqual(
      lengths.map((length) => [length, length]),
    );
    expect(read.map(({ hex }) => hex)).toEqual(packets.map(({ data }) => Buffer.from(data).toString("hex")));
    expect(read.map(({ timestampNanoseconds }) => timestampNanoseconds)).toEqual(
      packets.map(({ timestamp }) => (timestamp / unit) * unit),
    );
  });

  test("agree about the format", async () => {
    const micro = await capinfos(writeFile({ linkType: 1, snapshotLength: 96 }, packets.slice(0, 5)));
    expect(micro).toMatchObject({
      fileType: "pcap",
      timestampDigits: 6,
      snapshotLength: 96,
      packets: 5,
      dataSize: 769,
    });
    const nano = await capinfos(writeFile({ linkType: 101, precision: "nano" }, []));
    expect(nano).toMatchObject({ fileType: "nsecpcap", timestampDigits: 9, encapsulation: "rawip", packets: 0 });
  });
});
