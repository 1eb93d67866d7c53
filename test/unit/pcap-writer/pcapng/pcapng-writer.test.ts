/** Packets as captures write them, read by ringcap/pcap-parser. */
import { describe, expect, it } from "vitest";
import { enhancedPacketOptions, PcapParser } from "../../../../src/pcap-parser/index.ts";
import {
  type PcapngInterface,
  type PcapngPacket,
  PcapngWriter,
  type PcapngWriterOptions,
  type StatisticsFields,
} from "../../../../src/pcap-writer/index.ts";

const TIME = 1_700_000_000_123_456_789n;
const DATA = Uint8Array.from({ length: 61 }, (_, index) => index);

/** What a writer hands on. */
function write(fill: (writer: PcapngWriter) => void, options: PcapngWriterOptions = {}): Buffer {
  const pieces: Buffer[] = [];
  const writer = new PcapngWriter(options, (bytes) => pieces.push(Buffer.from(bytes)));
  fill(writer);
  writer.flush();
  const file = Buffer.concat(pieces);
  expect(writer.byteCount).toBe(file.length);
  return file;
}

function packetsOf(file: Buffer) {
  return [...new PcapParser(file).packets()];
}

function blocksOf(file: Buffer) {
  return Array.from(new PcapParser(file), (batch) => [...batch.allBlocks()]).flat();
}

const refused = (message: string) =>
  expect.objectContaining({ code: "USAGE", message: expect.stringContaining(message) });

describe.each(["little-endian", "big-endian"] as const)("a %s file", (byteOrder) => {
  it("says of its section what was asked for", () => {
    const options = { hardware: "x86_64", os: "Linux 6.18", application: "ringcap 1.0", comment: ["one", "two"] };
    const [header] = blocksOf(write(() => undefined, { ...options, byteOrder }));
    expect(header).toMatchObject({
      kind: "section-header",
      raw: { littleEndian: byteOrder === "little-endian" },
      version: { major: 1, minor: 0 },
      sectionLength: undefined,
      hardware: "x86_64",
      operatingSystem: "Linux 6.18",
      userApplication: "ringcap 1.0",
      options: { comments: ["one", "two"] },
    });
  });

  it("says of an interface what was asked for", () => {
    const described: PcapngInterface = {
      linkType: 1,
      snapshotLength: 128,
      name: "eth0",
      description: "xdp-native in",
      filter: "tcp port 80",
      hardware: "virtio_net",
      os: "Linux 6.1",
      speed: 10_000_000_000,
      transmitSpeed: 2n,
      receiveSpeed: 3n,
      mac: "02:00:5E:00:53:01",
      eui: new Uint8Array(8).fill(8),
      ipv4: [Uint8Array.of(192, 0, 2, 1, 255, 255, 255, 0)],
      ipv6: [new Uint8Array(17).fill(64)],
      timestampOffset: -3600n,
      timeZone: [-300, 60],
      fcsLength: 4,
      comment: "note",
    };
    const [, block] = blocksOf(write((writer) => writer.addInterface(described), { byteOrder }));
    expect(block).toMatchObject({
      kind: "interface-description",
      linkType: 1,
      snapshotLength: 128,
      interface: {
        name: "eth0",
        description: "xdp-native in",
        filter: "tcp port 80",
        hardware: "virtio_net",
        operatingSystem: "Linux 6.1",
        speed: 10_000_000_000n,
        macAddress: Buffer.from([2, 0, 0x5e, 0, 0x53, 1]),
        unitsPerSecond: 1_000_000_000n,
        timestampOffset: -3600n,
        fcsLength: 4,
      },
    });
    if (block?.kind !== "interface-description") throw new Error("not an interface");
    const { options, interface: found } = block;
    expect(found.ipv4Addresses).toEqual([Buffer.from([192, 0, 2, 1, 255, 255, 255, 0])]);
    expect(found.ipv6Addresses).toEqual([Buffer.alloc(17, 64)]);
    expect([options.value(7), options.uint64(16), options.uint64(17)]).toEqual([Buffer.alloc(8, 8), 2n, 3n]);
    expect(options.value(10)).toEqual(
      Buffer.from(byteOrder === "little-endian" ? [0xd4, 0xfe, 60, 0] : [0xfe, 0xd4, 0, 60]),
    );
    expect(options.comments).toEqual(["note"]);
  });

  it("says of a packet what was asked for", () => {
    const file = write(
      (writer) => {
        const interfaceId = writer.addInterface({ linkType: 1 });
        writer.write({
          interfaceId,
          timestampNanoseconds: TIME,
          data: DATA,
          originalLength: 1514,
          direction: "out",
          flags: 0x8000_0008,
          queue: 0,
          dropCount: 2 ** 40,
          packetId: 2n ** 64n - 1n,
          verdict: { kind: "xdp", value: 1 },
          hash: { algorithm: 2, value: Uint8Array.of(1, 2, 3, 4) },
          comment: "pid 812 uid 33 nginx",
          processIdThreadId: { processId: 812 },
        });
        writer.write({ interfaceId, timestampNanoseconds: 0n, data: DATA.subarray(0, 0) });
      },
      { byteOrder },
    );
    const [first, second] = packetsOf(file);
    expect(first).toMatchObject({ timestamp: TIME, data: Buffer.from(DATA), originalLength: 1514 });
    const number = Buffer.alloc(8);
    number[byteOrder === "little-endian" ? 0 : 7] = 1;
    expect(enhancedPacketOptions(first?.options ?? expect.fail("no packet"))).toEqual({
      comments: ["pid 812 uid 33 nginx"],
      flags: 0x8000_000a,
      direction: "out",
      hashes: [{ algorithm: 2, value: Buffer.from([1, 2, 3, 4]) }],
      dropCount: 2n ** 40n,
      packetId: 2n ** 64n - 1n,
      queue: 0,
      verdicts: [{ kind: 2, value: number }],
      processIdThreadId: { processId: 812, threadId: 0 },
    });
    expect(second).toMatchObject({ timestamp: 0n, capturedLength: 0, originalLength: 0 });
    expect([...(second?.options ?? [0])]).toEqual([]);
  });

  it("has statistics, names, secrets, custom blocks and journal entries", () => {
    const file = write(
      (writer) => {
        const id = writer.addInterface({ linkType: 1 });
        writer.writeStatistics(id, {
          start: TIME,
          end: TIME + 5n,
          received: 9,
          interfaceDropped: 1,
          accepted: 8n,
          osDropped: 2,
          delivered: 6,
          comment: "sampled out: 1",
        });
        writer.writeNameResolution([{ address: Uint8Array.of(192, 0, 2, 1), names: ["one", "uno"] }], {
          dnsName: "dns.example",
          dnsIpv4: Uint8Array.of(192, 0, 2, 53),
          dnsIpv6: new Uint8Array(16),
          comment: "names",
        });
        writer.writeDecryptionSecrets("CLIENT_RANDOM 00 11\n");
        writer.writeDecryptionSecrets(DATA, 7, "seven");
        writer.writeCustom(32_473, DATA.subarray(0, 4), { copied: false });
        writer.writeJournalEntry(Buffer.from("__REALTIME_TIMESTAMP=17\nMESSAGE=a\n"));
      },
      { byteOrder },
    );
    const [, , statistics, names, secrets, others, custom, journal] = blocksOf(file);
    expect(statistics).toMatchObject({
      kind: "interface-statistics",
      timestamp: TIME + 5n,
      startTime: TIME,
      endTime: TIME + 5n,
      received: 9n,
      dropped: 1n,
      acceptedByFilter: 8n,
      droppedBySystem: 2n,
      deliveredToUser: 6n,
      options: { comments: ["sampled out: 1"] },
    });
    if (names?.kind !== "name-resolution") throw new Error("not names");
    expect([...names.records]).toMatchObject([{ type: "ipv4", names: ["one", "uno"] }]);
    expect(names).toMatchObject({ dnsName: "dns.example", options: { comments: ["names"] } });
    expect([names.options.value(3), names.options.value(4)]).toEqual([Buffer.from([192, 0, 2, 53]), Buffer.alloc(16)]);
    expect(secrets).toMatchObject({ secretsType: 0x544c_534b, secrets: Buffer.from("CLIENT_RANDOM 00 11\n") });
    expect(others).toMatchObject({ secretsType: 7, secrets: Buffer.from(DATA), options: { comments: ["seven"] } });
    expect(custom).toMatchObject({
      kind: "custom",
      enterprise: 32_473,
      copied: false,
      data: Buffer.from([0, 1, 2, 3]),
    });
    expect(journal).toMatchObject({
      kind: "systemd-journal",
      entry: Buffer.from("__REALTIME_TIMESTAMP=17\nMESSAGE=a\n\0\0"),
    });
  });
});

describe("times", () => {
  /** [if_tsresol, if_tsoffset, time written, time read] */
  it.each([
    [undefined, undefined, TIME, TIME],
    [9, undefined, 2n ** 64n - 1n, 2n ** 64n - 1n],
    [6, undefined, TIME, 1_700_000_000_123_456_000n],
    [0, undefined, TIME, 1_700_000_000_000_000_000n],
    [12, undefined, 18_446_744_000_000_000n, 18_446_744_000_000_000n],
    [0x80 | 20, undefined, 10_500_000_000n, 10_500_000_000n],
    [9, 1_700_000_000n, TIME, TIME],
    [9, -100n, 0n, 0n],
  ])(
    "with a resolution of %s and an offset of %s, %s is read as %s",
    (timestampResolution, timestampOffset, time, read) => {
      const file = write((writer) => {
        const interfaceId = writer.addInterface({ linkType: 1, timestampResolution, timestampOffset });
        writer.write({ interfaceId, timestampNanoseconds: time, data: DATA });
      });
      expect(packetsOf(file)).toMatchObject([{ timestamp: read }]);
    },
  );

  it("in binary units that were read come back the same", () => {
    const file = write((writer) => {
      const interfaceId = writer.addInterface({ linkType: 1, timestampResolution: 0x80 | 20 });
      for (let units = 1n; units < 100n; units++) {
        writer.write({ interfaceId, timestampNanoseconds: (units * 1_000_000_000n) >> 20n, data: DATA.subarray(0, 0) });
      }
    });
    const units = blocksOf(file).flatMap((block) => (block.kind === "enhanced-packet" ? [block.timestampUnits] : []));
    expect(units).toEqual(Array.from({ length: 99 }, (_, index) => BigInt(index + 1)));
  });
});

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

describe("bytes", () => {
  it("are handed on when there are many, in whole blocks, and by flush()", () => {
    const pieces: number[] = [];
    const writer = new PcapngWriter({}, (handed) => {
      const bytes = Buffer.from(handed);
      pieces.push(bytes.length);
      for (let at = 0; at < bytes.length; ) {
        const length = bytes.readUInt32LE(at + 4);
        at += length;
        expect(bytes.readUInt32LE(at - 4)).toBe(length);
      }
    });
    const interfaceId = writer.addInterface({ linkType: 1 });
    const data = new Uint8Array(1500);
    for (let count = 0; count < 1500; count++) writer.write({ interfaceId, timestampNanoseconds: TIME, data });
    expect(pieces).toHaveLength(2);
    writer.flush();
    writer.flush();
    expect(pieces).toHaveLength(3);
    expect(writer.packetCount).toBe(1500);
    expect(pieces.reduce((sum, length) => sum + length, 0)).toBe(writer.byteCount);
  });

  it("that cannot be handed on are an error, then and for ever", () => {
    const full = new Error("no space");
    const writer = new PcapngWriter({}, () => {
      throw full;
    });
    expect(() => writer.flush()).toThrow(full);
    expect(() => writer.addInterface({ linkType: 1 })).toThrow(full);
    expect(() => writer.flush()).toThrow(full);
  });
});
