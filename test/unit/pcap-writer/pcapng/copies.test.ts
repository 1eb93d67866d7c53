/** What ringcap/pcap-parser reads, written again. */
import { describe, expect, it } from "vitest";
import { everyBlock, PcapngBlocks, pcapFile } from "../../../../scripts/lib/capture-samples.mjs";
import { sampleFrames } from "../../../../scripts/lib/sample-frames.mjs";
import { fuzzWriter } from "../../../../scripts/lib/writer-fuzz.mjs";
import * as parser from "../../../../src/pcap-parser/index.ts";
import * as writer from "../../../../src/pcap-writer/index.ts";

const DATA = Uint8Array.from({ length: 61 }, (_, index) => index);

/** @param piece bytes that the parser is given at once */
function copy(file: Uint8Array, how: "copyBlock" | "writeBlock" = "copyBlock", piece = file.length): Buffer {
  const pieces: Buffer[] = [];
  const to = new writer.PcapngBlockWriter((bytes) => pieces.push(Buffer.from(bytes)));
  const from = new parser.PcapParser(undefined, { pseudoHeaders: "as-in-file" });
  for (let at = 0; at < file.length; at += piece) {
    from.push(file.subarray(at, at + piece));
    for (const batch of from) for (const block of batch.allBlocks()) to[how](block);
  }
  from.end();
  for (const batch of from) for (const block of batch.allBlocks()) to[how](block);
  to.flush();
  return Buffer.concat(pieces);
}

/** Bytes where the draft has zeros. */
function dirty(block: Buffer, ...at: number[]): Buffer {
  for (const index of at) block[index] = 0xaa;
  return block;
}

describe.each([true, false])("a file whose little-endianness is %s comes back byte for byte", (littleEndian) => {
  const make = new PcapngBlocks(littleEndian);
  const end = make.option(0, "");
  const packet = make.enhanced(DATA.subarray(0, 59), { options: [make.option(1, "note"), end] });
  const short = make.enhanced(DATA.subarray(0, 59));
  for (const at of [4, short.length - 4]) {
    if (littleEndian) short.writeUInt32LE(short.length - 1, at);
    else short.writeUInt32BE(short.length - 1, at);
  }
  const usb = Buffer.concat([Buffer.alloc(9, 1), Buffer.alloc(55), Buffer.from("data")]);

  it.each<[string, Buffer[]]>([
    ["with options that nobody knows", [make.enhanced(DATA, { options: [make.option(0x4444, "abc"), end] })]],
    [
      "with options that come twice and in another order",
      [make.section([make.option(4, "b"), make.option(2, "a"), end])],
    ],
    ["with options without an end", [make.enhanced(DATA, { options: [make.option(1, "note")] })]],
    ["with an end of options alone", [make.enhanced(DATA, { options: [end] })]],
    ["with bytes behind the end of options", [make.enhanced(DATA, { options: [end, Buffer.alloc(20, 7)] })]],
    ["with text that is no UTF-8", [make.section([make.option(4, Buffer.from([0xff, 0xfe, 0, 1])), end])]],
    ["with padding that is not zero behind a packet", [dirty(packet, 28 + 59)]],
    ["with padding that is not zero behind an option", [dirty(make.section([make.option(4, "a"), end]), 29, 30, 31)]],
    ["with a reserved field that is not zero", [dirty(make.interface(), 10, 11)]],
    ["with a block length without its padding", [short]],
    ["with minor version 2", [make.section([], [1, 2]), make.interface()]],
    ["with a section length", [make.section([], [1, 0], 20n), make.interface()]],
    ["with names without an end", [make.block(4, [make.nameRecord(1, Buffer.alloc(4), ["a"])])]],
    [
      "with an empty name, and none",
      [make.names([make.nameRecord(1, Buffer.alloc(4), [""]), make.nameRecord(2, Buffer.alloc(16), [])])],
    ],
    ["with fewer original bytes than captured ones", [make.enhanced(DATA, { originalLength: 5 })]],
    ["with statistics of an interface that it does not describe", [make.statistics(9, 1n)]],
    [
      "with pseudo headers in the capturing host's byte order",
      [make.interface({ linkType: 220 }), make.enhanced(usb, { id: 1 })],
    ],
  ])("%s", (_, blocks) => {
    const file = Buffer.concat([make.section(), make.interface(), ...blocks]);
    expect(copy(file)).toEqual(file);
    expect(copy(file, "copyBlock", 13)).toEqual(file);
  });
});

it("a file of every block in both byte orders comes back byte for byte, copied", () => {
  const file = everyBlock(sampleFrames());
  for (const piece of [1, 100, file.length]) expect(copy(file, "copyBlock", piece)).toEqual(file);
});

/** What a block says, without its byte order. */
function described({ raw, ...block }: parser.CaptureBlock | parser.PacketCaptureBlock) {
  if (block.kind === "interface-description") return { kind: block.kind, linkType: block.linkType };
  const options = "options" in block ? Array.from(block.options, ({ code, value }) => [code, value.length]) : [];
  return { ...block, options, records: block.kind === "name-resolution" ? [...block.records] : [] };
}

it("what is encoded anew has one byte order, and the same blocks", () => {
  const file = everyBlock([DATA, DATA]);
  const encoded = copy(file, "writeBlock");
  const read = (bytes: Buffer) =>
    Array.from(new parser.PcapParser(bytes), (batch) => Array.from(batch.allBlocks(), described)).flat();
  expect(read(encoded)).toEqual(read(file));
  const orders = Array.from(new parser.PcapParser(encoded), ({ section }) => section.littleEndian);
  expect(new Set(orders)).toEqual(new Set([true]));
  expect(copy(encoded, "writeBlock")).toEqual(encoded);
});

it("minor version 2 is not written anew", () => {
  const make = new PcapngBlocks();
  expect(copy(make.section([], [1, 2]), "writeBlock")).toEqual(make.section());
});

it("a block of the other byte order is encoded anew where it is copied into a section", () => {
  const big = new PcapngBlocks(false);
  const little = new PcapngBlocks(true);
  const blocks = (make: PcapngBlocks) => [
    make.interface({ options: [make.option(14, make.u64(-5n)), make.option(0, "")] }),
    make.enhanced(DATA, { options: [make.option(2, make.u32(1)), make.option(0, "")] }),
  ];
  const pieces: Buffer[] = [];
  const to = new writer.PcapngWriter({}, (bytes) => pieces.push(Buffer.from(bytes)));
  for (const batch of new parser.PcapParser(Buffer.concat([big.section(), ...blocks(big)]))) {
    for (const block of batch.allBlocks()) if (block.kind !== "section-header") to.copyBlock(block);
  }
  to.write({ interfaceId: 0, timestampNanoseconds: 0n, data: DATA });
  to.flush();
  // The offset of the interface that was copied is known: 0 ns are 5 s behind it.
  const last = little.enhanced(DATA, { stamp: 5_000_000n });
  expect(Buffer.concat(pieces)).toEqual(Buffer.concat([little.section(), ...blocks(little), last]));
});

it("packets are blocks for a cursor too, to which options can be added in either byte order", () => {
  const pieces: Buffer[] = [];
  const little = new PcapngBlocks(true);
  const big = new PcapngBlocks(false);
  const options = (make: PcapngBlocks) => [
    make.option(2, make.u32(1)),
    make.option(4, make.u64(9n)),
    make.option(0, ""),
  ];
  const flags = [big.option(2, big.u32(1)), big.option(0, "")];
  const file = Buffer.concat([
    big.section(),
    big.interface(),
    big.enhanced(DATA, { options: flags }),
    big.simple(DATA),
  ]);
  const to = new writer.PcapngWriter({}, (bytes) => pieces.push(Buffer.from(bytes)));
  to.addInterface({ linkType: 1 });
  const header = to.byteCount;
  for (const batch of new parser.PcapParser(file)) {
    const cursor = batch.cursor();
    while (cursor.next()) {
      const { block } = cursor;
      if (block?.kind !== "enhanced-packet") to.copyBlock(block ?? expect.fail("no block"));
      else to.writeBlock({ ...block, options: writer.addOptions(block.options, { code: 4, value: 9n }) });
    }
  }
  to.flush();
  const expected = [little.enhanced(DATA, { options: options(little) }), little.simple(DATA)];
  expect(Buffer.concat(pieces).subarray(header)).toEqual(Buffer.concat(expected));
  expect(writer.addOptions(undefined, { code: 1, value: "a" })).toEqual([{ code: 1, value: "a" }]);
});

it("packets of a pcap file are no blocks", () => {
  for (const batch of new parser.PcapParser(pcapFile({}, [{ data: DATA }]))) {
    const cursor = batch.cursor();
    expect(cursor.next()).toBe(true);
    expect(cursor.block).toBeUndefined();
    expect([...batch.allBlocks()]).toEqual([]);
  }
});

describe("a block that cannot stand where it is put is refused", () => {
  const data = DATA.subarray(0, 40);
  const begin: writer.PcapngBlock[] = [
    { kind: "section-header" },
    { kind: "interface-description", linkType: 1, snapshotLength: 40 },
  ];
  const packet = { timestampUnits: 0n, data: DATA };

  it.each<[string, writer.PcapngBlock[], string]>([
    ["anything before a section header", [{ kind: "custom", enterprise: 1, data }], "block: a file begins with"],
    ["a packet of no interface", [...begin, { kind: "enhanced-packet", interfaceId: 1, ...packet }], "interfaceId: 1"],
    ["an obsolete packet of none", [...begin, { kind: "packet", interfaceId: 7, ...packet }], "interfaceId: 7"],
    [
      "a packet of an earlier section's",
      [...begin, { kind: "section-header" }, { kind: "simple-packet", data }],
      "interfaceId: 0",
    ],
    [
      "a simple packet longer than its interface allows",
      [...begin, { kind: "simple-packet", data: DATA }],
      "data: 61 captured",
    ],
    [
      "a shorter one",
      [...begin, { kind: "simple-packet", data: DATA.subarray(0, 39), originalLength: 40 }],
      "data: 39 captured",
    ],
    [
      "one of fewer original bytes",
      [...begin, { kind: "simple-packet", data, originalLength: 39 }],
      "data: 40 captured",
    ],
    [
      "an if_tsresol of four bytes",
      [...begin, { kind: "interface-description", linkType: 1, options: [{ code: 9, value: 9 }] }],
      "if_tsresol: ",
    ],
    [
      "options that can be read once",
      [...begin, { kind: "interface-description", linkType: 1, options: [{ code: 1, value: "a" }].values() }],
      "options: they are read twice",
    ],
    [
      "an if_tsoffset of unknown byte order",
      [...begin, { kind: "interface-description", linkType: 1, options: [{ code: 14, value: new Uint8Array(8) }] }],
      "if_tsoffset: ",
    ],
  ])("%s", (_, blocks, message) => {
    const to = new writer.PcapngBlockWriter(() => undefined);
    for (const block of blocks.slice(0, -1)) to.writeBlock(block);
    const before = to.byteCount;
    expect(() => to.writeBlock(blocks.at(-1) ?? expect.fail("no block"))).toThrow(
      expect.objectContaining({ code: "USAGE", message: expect.stringContaining(message) }),
    );
    expect(to.byteCount).toBe(before);
  });
});

it("random sequences are written as the draft has them, and come back; mutated ones too, as far as they can be read", () => {
  const { blocks, whole, refused } = fuzzWriter(parser, writer, { seed: 20_241, count: 300 });
  // Else the sequences are too short, or the mutations too mild or too wild, to say anything.
  expect(blocks).toBeGreaterThan(2000);
  expect(whole).toBeGreaterThan(30);
  expect(refused).toBeGreaterThan(100);
});
