/** What a pcapng file cannot hold, and PcapngWriter refuses. */
import { describe, expect, it } from "vitest";
import {
  type PcapngInterface,
  type PcapngPacket,
  PcapngWriter,
  type PcapngWriterOptions,
  type StatisticsFields,
} from "../../../../src/pcap-writer/index.ts";
import { blocksOf, DATA, packetsOf, refused, TIME, write } from "./written.ts";

describe("what a file cannot hold is refused, and leaves it as it was", () => {
  const added = (described: Partial<PcapngInterface>) => (writer: PcapngWriter) =>
    writer.addInterface({ linkType: 1, ...described });
  const packet = (fields: Partial<PcapngPacket>) => (writer: PcapngWriter) =>
    writer.write({ interfaceId: 0, timestampNanoseconds: TIME, data: DATA, ...fields });
  const statistics = (fields: StatisticsFields) => (writer: PcapngWriter) => writer.writeStatistics(0, fields);

  it.each<[string, (writer: PcapngWriter) => unknown, string]>([
    ["a resolution of 10^-20", added({ timestampResolution: 20 }), "timestampResolution: units of 10^-20"],
    ["a resolution of 2^-64", added({ timestampResolution: 0x80 | 64 }), "timestampResolution: units of 2^-64"],
    ["a resolution of two bytes", added({ timestampResolution: 256 }), "timestampResolution: 256"],
    ["a resolution that is a fraction", added({ timestampResolution: 1.5 }), "timestampResolution: 1.5"],
    ["a link type of 17 bits", added({ linkType: 65_536 }), "linkType: 65536"],
    ["a negative snapshot length", added({ snapshotLength: -1 }), "snapshotLength: -1"],
    ["a name with a zero", added({ name: "eth\0" }), "option 2: text"],
    ["a name of 65536 bytes", added({ name: "x".repeat(65_536) }), "option 2: 65536 bytes"],
    ["a filter with half a surrogate pair", added({ filter: "\udc00" }), "option 11: a surrogate"],
    ["a MAC address of five bytes", added({ mac: new Uint8Array(5) }), "mac: 5 bytes"],
    ["a MAC address of other letters", added({ mac: "02:00:00:00:00:0g" }), "mac: "],
    ["an EUI-64 of six bytes", added({ eui: new Uint8Array(6) }), "eui: 6 bytes"],
    ["an IPv4 address without a mask", added({ ipv4: [new Uint8Array(4)] }), "ipv4: 4 bytes"],
    ["an IPv6 address without a prefix", added({ ipv6: [new Uint8Array(16)] }), "ipv6: 16 bytes"],
    ["a negative speed", added({ speed: -1 }), "speed: -1"],
    ["a speed that is a fraction", added({ speed: 0.5 }), "speed: 0.5"],
    ["a time zone of half a minute", added({ timeZone: [0.5, 0] }), "timeZone: 0.5"],
    ["a frame check sequence of 256 bytes", added({ fcsLength: 256 }), "fcsLength: 256"],
    ["an offset of 65 bits", added({ timestampOffset: 2n ** 64n }), "option 14: 18446744073709551616"],
    ["a packet of an interface that was not added", packet({ interfaceId: 1 }), "interfaceId: 1"],
    ["a time before 1970", packet({ timestampNanoseconds: -1n }), "timestampNanoseconds: -1 ns is before 1970"],
    ["a time of 65 bits", packet({ timestampNanoseconds: 2n ** 64n }), "timestampNanoseconds: 18446744073709551616"],
    ["an original length of 33 bits", packet({ originalLength: 2 ** 32 }), "originalLength: 4294967296"],
    ["flags of 33 bits", packet({ flags: 2 ** 32 }), "flags: 4294967296"],
    ["flags of the other direction", packet({ flags: 1, direction: "out" }), "flags: 1 are not"],
    ["a direction that does not exist", packet({ direction: "up" as "in" }), 'direction: "up"'],
    ["a negative queue", packet({ queue: -1 }), "queue: -1"],
    ["a negative drop count", packet({ dropCount: -1n }), "dropCount: -1"],
    ["a packet id of 65 bits", packet({ packetId: 2n ** 64n }), "packetId: 18446744073709551616"],
    ["a verdict of nobody", packet({ verdict: { kind: "me" as "tc", value: 1 } }), 'verdict.kind: "me"'],
    ["a hash of algorithm 256", packet({ hash: { algorithm: 256, value: DATA } }), "hash.algorithm: 256"],
    ["a process of 33 bits", packet({ processIdThreadId: { processId: 2 ** 32 } }), "option 8: 4294967296"],
    ["a comment that is not text", packet({ comment: "\ud800" }), "option 1: a surrogate"],
    ["one of several comments", packet({ comment: ["fine", "a\0"] }), "option 1: text"],
    ["statistics without a time", statistics({ received: 1 }), "time: statistics need"],
    ["statistics before 1970", statistics({ end: TIME, start: -1n }), "start: -1 ns is before 1970"],
    ["negative statistics", statistics({ end: TIME, osDropped: -1 }), "osDropped: -1"],
    [
      "a DNS server of three bytes",
      (writer) => writer.writeNameResolution([], { dnsIpv4: DATA.subarray(0, 3) }),
      "dnsIpv4",
    ],
    [
      "an IPv6 DNS server of four",
      (writer) => writer.writeNameResolution([], { dnsIpv6: DATA.subarray(0, 4) }),
      "dnsIpv6",
    ],
    [
      "a journal entry without a time",
      (writer) => writer.writeJournalEntry(Buffer.from("MESSAGE=a\n")),
      "entry: it has no",
    ],
    ["a comment on a new section", (writer) => writer.startSection({ comment: "\0" }), "option 1: text"],
  ])("%s", (_, attempt, message) => {
    let inFile = 0;
    const file = write((writer) => {
      writer.addInterface({ linkType: 1 });
      const before = writer.byteCount;
      expect(() => attempt(writer)).toThrow(refused(message));
      expect(writer.byteCount).toBe(before);
      packet({})(writer);
      inFile = writer.packetCount;
    });
    expect(inFile).toBe(1);
    expect(blocksOf(file).map(({ kind }) => kind)).toEqual([
      "section-header",
      "interface-description",
      "enhanced-packet",
    ]);
  });

  it.each([
    [{ byteOrder: "middle" }, 'byteOrder: "middle"'],
    [{ operatingSystem: "Linux" }, "operatingSystem: there is no such option"],
    [{ comment: "\ud800" }, "option 1: a surrogate"],
  ])("the options %j", (options, message) => {
    expect(() => new PcapngWriter(options as PcapngWriterOptions, () => undefined)).toThrow(refused(message));
  });
});

it("packets are cut to the snapshot length of their interface, and to what readers take", () => {
  const file = write(
    (writer) => {
      const ids = [writer.addInterface({ linkType: 1 }), writer.addInterface({ linkType: 101, snapshotLength: 0 })];
      const data = new Uint8Array(262_145);
      for (const interfaceId of ids) writer.write({ interfaceId, timestampNanoseconds: TIME, data });
    },
    { snapshotLength: 40 },
  );
  expect(packetsOf(file)).toMatchObject([
    { capturedLength: 40, originalLength: 262_145, interface: { snapshotLength: 40 } },
    { capturedLength: 262_144, originalLength: 262_145, interface: { snapshotLength: 0 } },
  ]);
});

it("each section has its own interfaces", () => {
  const file = write((writer) => {
    expect(writer.addInterface({ linkType: 1 })).toBe(0);
    expect(writer.addInterface({ linkType: 101 })).toBe(1);
    writer.startSection({ comment: "second" });
    expect(() => writer.write({ interfaceId: 0, timestampNanoseconds: TIME, data: DATA })).toThrow(
      refused("interfaceId: 0"),
    );
    expect(writer.addInterface({ linkType: 113 })).toBe(0);
    writer.write({ interfaceId: 0, timestampNanoseconds: TIME, data: DATA });
  });
  expect(packetsOf(file).map((packet) => packet.interface.linkType)).toEqual([113]);
});
