import { describe, expect, it } from "vitest";
import { everyBlock, PcapngBlocks } from "../../../scripts/lib/capture-samples.mjs";
import {
  type CaptureBlock,
  CaptureFileError,
  enhancedPacketOptions,
  PcapParser,
  packetBlockDropCount,
} from "../../../src/pcap-parser/index.ts";
import { readBytes } from "./read-capture.ts";

const make = new PcapngBlocks();
const DATA = Uint8Array.from({ length: 61 }, (_, index) => index);
const START = [make.section(), make.interface()];

function blocksOf(...parts: Uint8Array[]): CaptureBlock[] {
  return [...new PcapParser(Buffer.concat(parts))].flatMap(({ blocks }) => blocks);
}

function onlyBlock<Kind extends CaptureBlock["kind"]>(kind: Kind, ...parts: Uint8Array[]) {
  const found = blocksOf(...parts).filter((block) => block.kind === kind);
  expect(found).toHaveLength(1);
  return found[0] as Extract<CaptureBlock, { kind: Kind }>;
}

describe.each([
  ["little-endian", true],
  ["big-endian", false],
])("a %s section", (_, littleEndian) => {
  const blocks = new PcapngBlocks(littleEndian);
  const head = [blocks.section(), blocks.interface({ linkType: 113, snapshotLength: 40 })];

  it("has enhanced, simple and obsolete packets", () => {
    const file = Buffer.concat([
      ...head,
      blocks.enhanced(DATA, { originalLength: 100 }),
      blocks.simple(DATA.subarray(0, 40), 61),
      blocks.obsolete(DATA.subarray(0, 8), { originalLength: 9 }, 12),
    ]);
    for (const piece of [1, 13, file.length]) {
      const { packets, error, kinds } = readBytes(file, piece);
      expect(error).toBeUndefined();
      expect(kinds).toEqual(["section-header", "interface-description", "packet", "packet", "packet"]);
      const shared = { interface: { id: 0, linkType: 113, snapshotLength: 40 } };
      const timestamp = 1_700_000_000_123_456_000n;
      expect(packets).toMatchObject([
        { ...shared, number: 1, timestamp, capturedLength: 61, originalLength: 100, data: DATA, fileOffset: 48 },
        { ...shared, number: 2, timestamp: 0n, hasTimestamp: false, capturedLength: 40, originalLength: 61 },
        { ...shared, number: 3, timestamp, capturedLength: 8, originalLength: 9, hasTimestamp: true },
      ]);
    }
  });

  it("gives the options of a packet, raw and by name", () => {
    const options = [
      blocks.option(1, "note"),
      blocks.option(2, blocks.u32(2)),
      blocks.option(4, blocks.u64(7n)),
      blocks.option(0x4444, "abc"),
      blocks.option(0, ""),
    ];
    const [packet] = new PcapParser(Buffer.concat([...head, blocks.enhanced(DATA, { options })])).packets();
    expect(enhancedPacketOptions(packet?.options ?? expect.fail("no packet"))).toMatchObject({
      comments: ["note"],
      flags: 2,
      direction: "out",
      dropCount: 7n,
      packetId: undefined,
    });
    const raw = [...(packet?.options ?? [])].map(({ code, value }) => [code, value.length]);
    expect(raw).toEqual([
      [1, 4],
      [2, 4],
      [4, 8],
      [0x4444, 3],
    ]);
  });

  it("gives the drop count of an obsolete packet block", () => {
    const file = Buffer.concat([...head, blocks.obsolete(DATA, {}, 12), blocks.obsolete(DATA), blocks.enhanced(DATA)]);
    const drops: unknown[] = [];
    for (const batch of new PcapParser(file)) {
      const cursor = batch.cursor();
      while (cursor.next()) drops.push(packetBlockDropCount(cursor.record, littleEndian));
    }
    expect(drops).toEqual([12, undefined, undefined]);
  });

  it("has names", () => {
    const block = onlyBlock(
      "name-resolution",
      ...head,
      blocks.names(
        [blocks.nameRecord(1, Buffer.from([192, 0, 2, 1]), ["one", "uno"]), blocks.nameRecord(77, Buffer.alloc(5), [])],
        [blocks.option(2, "dns.example")],
      ),
    );
    expect([...block.records]).toMatchObject([
      { type: "ipv4", code: 1, address: Buffer.from([192, 0, 2, 1]), names: ["one", "uno"] },
      { type: "unknown", code: 77, names: [], value: Buffer.alloc(5) },
    ]);
    expect(block.dnsName).toBe("dns.example");
  });

  it("has statistics, in the interface's time", () => {
    const block = onlyBlock(
      "interface-statistics",
      blocks.section(),
      blocks.interface({ options: [blocks.option(9, blocks.u8(3))] }),
      blocks.statistics(0, 1500n, [
        blocks.option(2, blocks.stamp(1000n)),
        blocks.option(4, blocks.u64(99n)),
        blocks.option(7, blocks.u64(1n)),
      ]),
    );
    expect(block).toMatchObject({ interfaceId: 0, timestamp: 1_500_000_000n, startTime: 1_000_000_000n });
    expect(block).toMatchObject({ received: 99n, droppedBySystem: 1n, dropped: undefined, endTime: undefined });
  });

  it("describes itself and its interfaces", () => {
    const file = [
      blocks.section([blocks.option(3, "Linux"), blocks.option(4, "ringcap")]),
      blocks.interface({
        options: [blocks.option(2, "eth\x1b0"), blocks.option(11, "\0tcp"), blocks.option(8, blocks.u64(10n))],
      }),
    ];
    expect(onlyBlock("section-header", ...file)).toMatchObject({
      version: { major: 1, minor: 0 },
      sectionLength: undefined,
      operatingSystem: "Linux",
      userApplication: "ringcap",
      hardware: undefined,
    });
    const described = onlyBlock("interface-description", ...file).interface;
    expect(described).toMatchObject({ name: "eth\x1b0", filter: "tcp", speed: 10n, description: undefined });
  });
});

it("each packet has its own interface's link type, and each section its own interfaces and byte order", () => {
  const big = new PcapngBlocks(false);
  const file = Buffer.concat([
    make.section(),
    make.interface({ linkType: 1 }),
    make.enhanced(DATA),
    make.interface({ linkType: 101, options: [make.option(9, make.u8(9))] }),
    make.enhanced(DATA, { id: 1, stamp: 5n }),
    big.section(),
    big.interface({ linkType: 113 }),
    big.enhanced(DATA),
  ]);
  const { packets, error } = readBytes(file);
  expect(error).toBeUndefined();
  expect(packets.map((packet) => packet.interface.linkType)).toEqual([1, 101, 113]);
  expect(packets.map(({ timestamp }) => timestamp)).toEqual([
    1_700_000_000_123_456_000n,
    5n,
    1_700_000_000_123_456_000n,
  ]);
  expect([...new PcapParser(file)].map(({ section }) => [section.index, section.littleEndian])).toEqual([
    [0, true],
    [1, false],
  ]);
});

it("keeps the order of blocks and packets, whatever the batches are", () => {
  const file = everyBlock([DATA, DATA]);
  const section = [
    ...["section-header", "custom", "interface-description", "interface-description", "packet", "packet"],
    ...["name-resolution", "packet", "packet", "custom", "systemd-journal", "decryption-secrets", "unknown"],
    "interface-statistics",
  ];
  for (const piece of [1, 100, file.length]) {
    const { kinds, error } = readBytes(file, piece);
    expect(error).toBeUndefined();
    expect(kinds).toEqual([...section, ...section]);
  }
});

it("reads custom, unknown, secret and journal blocks without knowing what they mean", () => {
  const parts = [make.section(), make.block(0x4000_0bad, [make.u32(32_473), Buffer.from("data")])];
  expect(onlyBlock("custom", ...parts)).toMatchObject({ enterprise: 32_473, copied: false, data: Buffer.from("data") });
  expect(onlyBlock("unknown", make.section(), make.block(0x8000_0001, [DATA.subarray(0, 4)]))).toMatchObject({
    raw: { type: 0x8000_0001 },
    body: Buffer.from([0, 1, 2, 3]),
  });
  const secret = make.block(10, [make.u32(0x544c534b), make.u32(3), Buffer.from("key\0")]);
  expect(onlyBlock("decryption-secrets", make.section(), secret).secrets).toEqual(Buffer.from("key"));
});

it("a block length without its padding is taken for the one with it", () => {
  const bytes = make.enhanced(DATA.subarray(0, 59));
  bytes.writeUInt32LE(bytes.length - 1, 4);
  bytes.writeUInt32LE(bytes.length - 1, bytes.length - 4);
  expect(readBytes(Buffer.concat([...START, bytes, make.enhanced(DATA)])).packets).toHaveLength(2);
});

describe("a broken pcapng file", () => {
  const packet = make.enhanced(DATA);

  it("yields the packets before a block that is cut off, wherever the cut is", () => {
    const file = Buffer.concat([...START, packet, packet]);
    const last = file.length - packet.length;
    for (let length = last + 1; length < file.length; length++) {
      const { packets, error } = readBytes(file.subarray(0, length), 1 + (length % 50));
      expect(packets).toHaveLength(1);
      expect(error).toBeInstanceOf(CaptureFileError);
      expect(error).toMatchObject({ reason: "truncated", offset: last });
    }
  });

  const tooManyInterfaces = Buffer.concat(Array.from({ length: 65_537 }, () => make.interface()));
  const largeInterface = make.interface({
    options: Array.from({ length: 100 }, () => make.option(1, Buffer.alloc(65_000))),
  });

  it.each([
    ["a packet of an interface that it did not describe", make.enhanced(DATA, { id: 1 }), "interface 1"],
    ["an obsolete packet of such an interface", make.obsolete(DATA, { id: 7 }), "interface 7"],
    ["a packet longer than its block", make.enhanced(DATA, { capturedLength: 65 }), "does not fit"],
    ["a packet of more than 262,144 bytes", make.enhanced(new Uint8Array(262_145)), "262145"],
    ["a simple packet longer than its block", make.simple(DATA, 65), "does not fit"],
    ["a simple packet shorter than its block", make.simple(DATA, 10), "10 captured bytes"],
    ["two different lengths", make.block(6, [new Uint8Array(20)], { last: 40 }), "ends with a length of 40"],
    ["a block of no bytes", make.block(6, [new Uint8Array(20)], { first: 0 }), "a block of 0 bytes"],
    ["a block of 4 GiB", make.block(6, [new Uint8Array(20)], { first: 0xffff_fff0 }), "4294967280"],
    ["a block of 17 MiB", make.block(99, [new Uint8Array(20)], { first: 17 << 20 }), "17825792"],
    ["an option longer than its block", make.enhanced(DATA, { options: [make.option(1, "abcd", 100)] }), "option 1"],
    ["packet flags of two bytes", make.enhanced(DATA, { options: [make.option(2, "ab")] }), "option 2"],
    ["an enhanced packet block too short to be one", make.block(6, [new Uint8Array(16)]), "too short"],
    ["a name longer than its block", make.block(4, [make.u16(1), make.u16(80), make.u32(0)]), "80 bytes"],
    ["a name without its end", make.block(4, [make.u16(1), make.u16(8), Buffer.from("\x01\x02\x03\x04abcd")]), "zero"],
    ["secrets longer than their block", make.block(10, [make.u32(1), make.u32(40), make.u32(0)]), "40 bytes"],
    ["a section in no byte order", make.block(0x0a0d0d0a, [make.u32(1), new Uint8Array(12)]), "byte-order magic"],
    ["a section of another version", make.section([], [2, 0]), "version 2.0"],
    ["too many interfaces", tooManyInterfaces, "65536 interfaces"],
    ["interfaces of too many bytes", Buffer.concat([largeInterface, largeInterface, largeInterface]), "16777216 bytes"],
  ])("is refused if it has %s, after the packets before", (_, block, text) => {
    const { packets, error } = readBytes(Buffer.concat([...START, packet, block, packet]));
    expect(error).toMatchObject({ code: "INPUT", message: expect.stringContaining(text) });
    expect(error?.reason).not.toBe("truncated");
    expect(error?.offset).toBeGreaterThanOrEqual(48 + packet.length);
    expect(packets).toHaveLength(1);
  });

  it("is refused if a simple packet comes before any interface", () => {
    expect(readBytes(Buffer.concat([make.section(), make.simple(DATA)])).error).toMatchObject({ reason: "corrupt" });
  });

  it("does not make the parser allocate what it claims", () => {
    const claimed = make.block(99, [new Uint8Array(64)], { first: 16 << 20 });
    const before = process.memoryUsage().arrayBuffers;
    const parser = new PcapParser();
    for (const byte of Buffer.concat([...START, claimed])) parser.push(Uint8Array.of(byte));
    while (parser.next() !== undefined);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 << 20);
  });
});
