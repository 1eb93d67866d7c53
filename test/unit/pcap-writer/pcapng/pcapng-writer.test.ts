/** Packets as captures write them, read by ringcap/pcap-parser. */
import { describe, expect, it } from "vitest";
import { enhancedPacketOptions } from "../../../../src/pcap-parser/index.ts";
import { type PcapngInterface, PcapngWriter } from "../../../../src/pcap-writer/index.ts";
import { blocksOf, DATA, packetsOf, TIME, write } from "./written.ts";

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
