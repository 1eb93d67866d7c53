/** The bytes of each block, against those that scripts/lib/capture-samples.mjs lays out from the draft. */
import { describe, expect, it } from "vitest";
import { PcapngBlocks } from "../../../../scripts/lib/capture-samples.mjs";
import { type ByteOrder, encodeBlock, type PcapngBlock, type PcapngOption } from "../../../../src/pcap-writer/index.ts";

const DATA = Uint8Array.from({ length: 61 }, (_, index) => index);

describe.each(["little-endian", "big-endian"] as const)("in %s order", (byteOrder: ByteOrder) => {
  const make = new PcapngBlocks(byteOrder === "little-endian");
  const end = make.option(0, "");
  const note: PcapngOption = { code: 1, value: "note" };
  const stamp = 0x0006_0a5b_1234_5678n;
  const packet = { interfaceId: 3, timestampUnits: stamp, originalLength: 1514, data: DATA };

  const cases: readonly (readonly [string, PcapngBlock, Uint8Array])[] = [
    ["a section header", { kind: "section-header" }, make.section()],
    [
      "a section header with a length and options",
      { kind: "section-header", sectionLength: 4096n, options: [{ code: 4, value: "ringcap" }, note] },
      make.section([make.option(4, "ringcap"), make.option(1, "note"), end], [1, 0], 4096n),
    ],
    ["an interface", { kind: "interface-description", linkType: 1 }, make.interface()],
    [
      "an interface with options",
      {
        kind: "interface-description",
        linkType: 276,
        snapshotLength: 128,
        options: [
          { code: 2, value: "größe0" },
          { code: 8, value: 10_000_000_000n },
          { code: 9, value: Uint8Array.of(9) },
          { code: 10, value: Int16Array.of(-300, 60) },
          { code: 11, value: [Uint8Array.of(0), "tcp port 80"] },
          { code: 14, value: -3600n },
          { code: 2989, value: [32_473, Uint8Array.of(1, 2, 3)] },
        ],
      },
      make.interface({
        linkType: 276,
        snapshotLength: 128,
        options: [
          make.option(2, "größe0"),
          make.option(8, make.u64(10_000_000_000n)),
          make.option(9, make.u8(9)),
          make.option(10, Buffer.concat([make.u16(0x1_0000 - 300), make.u16(60)])),
          make.option(11, "\0tcp port 80"),
          make.option(14, make.u64(-3600n)),
          make.option(2989, Buffer.concat([make.u32(32_473), Buffer.from([1, 2, 3])])),
          end,
        ],
      }),
    ],
    [
      "an enhanced packet",
      { kind: "enhanced-packet", ...packet },
      make.enhanced(DATA, { id: 3, stamp, originalLength: 1514 }),
    ],
    [
      "an enhanced packet with options",
      {
        kind: "enhanced-packet",
        ...packet,
        options: [{ code: 2, value: 0xffff_0001 }, { code: 4, value: 7n }, { code: 8, value: [812, 813] }, note],
      },
      make.enhanced(DATA, {
        id: 3,
        stamp,
        originalLength: 1514,
        options: [
          make.option(2, make.u32(0xffff_0001)),
          make.option(4, make.u64(7n)),
          make.option(8, Buffer.concat([make.u32(812), make.u32(813)])),
          make.option(1, "note"),
          end,
        ],
      }),
    ],
    [
      "an enhanced packet without bytes at the latest time",
      { kind: "enhanced-packet", interfaceId: 0, timestampUnits: 2n ** 64n - 1n, data: new Uint8Array(0) },
      make.enhanced(new Uint8Array(0), { stamp: 2n ** 64n - 1n }),
    ],
    ["a simple packet", { kind: "simple-packet", originalLength: 100, data: DATA }, make.simple(DATA, 100)],
    ["an obsolete packet", { kind: "packet", ...packet }, make.obsolete(DATA, { id: 3, stamp, originalLength: 1514 })],
    [
      "an obsolete packet with drops and options",
      { kind: "packet", ...packet, dropCount: 12, options: [note] },
      make.obsolete(DATA, { id: 3, stamp, originalLength: 1514, options: [make.option(1, "note"), end] }, 12),
    ],
    ["no names", { kind: "name-resolution", records: [] }, make.names([])],
    [
      "names of every kind of address",
      {
        kind: "name-resolution",
        records: [
          { address: Uint8Array.of(192, 0, 2, 1), names: ["one.example", "größe"] },
          { address: new Uint8Array(16).fill(1), names: ["six"] },
          { address: Uint8Array.of(2, 0, 0, 0, 0, 1), names: ["mac"] },
          { address: new Uint8Array(8).fill(2), names: ["eui"] },
          { code: 77, value: Uint8Array.of(1, 2, 3, 4, 5) },
        ],
        options: [{ code: 2, value: "dns.example" }],
      },
      make.names(
        [
          make.nameRecord(1, Buffer.from([192, 0, 2, 1]), ["one.example", "größe"]),
          make.nameRecord(2, Buffer.alloc(16, 1), ["six"]),
          make.nameRecord(3, Buffer.from([2, 0, 0, 0, 0, 1]), ["mac"]),
          make.nameRecord(4, Buffer.alloc(8, 2), ["eui"]),
          make.nameRecord(77, Buffer.from([1, 2, 3, 4, 5]), []),
        ],
        [make.option(2, "dns.example"), end],
      ),
    ],
    [
      "statistics",
      {
        kind: "interface-statistics",
        interfaceId: 1,
        timestampUnits: stamp,
        options: [
          { code: 2, value: [1, 2] },
          { code: 4, value: 99n },
        ],
      },
      make.statistics(1, stamp, [make.option(2, make.stamp((1n << 32n) | 2n)), make.option(4, make.u64(99n)), end]),
    ],
    [
      "secrets",
      { kind: "decryption-secrets", secretsType: 0x544c_534b, secrets: Buffer.from("secret"), options: [note] },
      make.block(10, [
        make.u32(0x544c_534b),
        make.u32(6),
        make.pad(Buffer.from("secret")),
        make.option(1, "note"),
        end,
      ]),
    ],
    [
      "a journal entry",
      { kind: "systemd-journal", entry: Buffer.from("MESSAGE=hello\n") },
      make.block(9, [Buffer.from("MESSAGE=hello\n")]),
    ],
    [
      "a custom block",
      { kind: "custom", enterprise: 32_473, data: Buffer.from("custom") },
      make.block(0x0bad, [make.u32(32_473), Buffer.from("custom")]),
    ],
    [
      "a custom block that is not to be copied, with an option",
      { kind: "custom", enterprise: 32_473, copied: false, data: Buffer.from("data"), options: [note] },
      make.block(0x4000_0bad, [make.u32(32_473), Buffer.from("data"), make.option(1, "note"), end]),
    ],
    ["a block of an unknown type", { kind: "unknown", type: 0x8000_1234, body: DATA }, make.block(0x8000_1234, [DATA])],
  ];

  it.each(cases)("%s is as the draft has it", (_, block, bytes) => {
    expect(Buffer.from(encodeBlock(block, byteOrder)).toString("hex")).toBe(Buffer.from(bytes).toString("hex"));
  });

  it("options that say the other order are turned, as far as the draft says what they are", () => {
    const other = new PcapngBlocks(byteOrder !== "little-endian");
    const verdict = (to: PcapngBlocks) => Buffer.concat([to.u8(2), to.u64(1n)]);
    const raw = (to: PcapngBlocks): [number, Uint8Array][] => [
      [2, to.u32(1)],
      [4, to.u64(7n)],
      [7, verdict(to)],
      [8, Buffer.concat([to.u32(812), to.u32(813)])],
      [2989, Buffer.concat([to.u32(32_473), Buffer.from([1, 2])])],
      [0x4444, Buffer.from([1, 2, 3, 4])],
      [2, Buffer.from([1, 2])],
    ];
    const options = Object.assign(
      raw(other).map(([code, value]) => ({ code, value })),
      { littleEndian: byteOrder !== "little-endian" },
    );
    const expected = make.enhanced(DATA, {
      id: 3,
      stamp,
      originalLength: 1514,
      options: [...raw(make).map(([code, value]) => make.option(code, value)), end],
    });
    expect(encodeBlock({ kind: "enhanced-packet", ...packet, options }, byteOrder)).toEqual(expected);
  });
});

describe("what no block can hold is refused", () => {
  const packet = { interfaceId: 0, timestampUnits: 0n, data: DATA } as const;
  const withOption = (option: PcapngOption): PcapngBlock => ({ kind: "section-header", options: [option] });

  it.each<[string, PcapngBlock, string]>([
    ["an option of 65536 bytes", withOption({ code: 1, value: "x".repeat(65_536) }), "option 1: 65536 bytes"],
    ["an option of many parts", withOption({ code: 9, value: Array(9000).fill(1n) }), "option 9: 72000 bytes"],
    ["half a surrogate pair", withOption({ code: 1, value: "a\ud800" }), "option 1: a surrogate"],
    ["text with a zero", withOption({ code: 2, value: "a\0b" }), "option 2: text"],
    ["the end of options as an option", withOption({ code: 0, value: "" }), "option: 0 is not"],
    ["an option code of 17 bits", withOption({ code: 65_536, value: "" }), "option: 65536 is not"],
    ["a number of 33 bits", withOption({ code: 5, value: 2 ** 32 }), "option 5: 4294967296"],
    ["a fraction", withOption({ code: 5, value: 1.5 }), "option 5: 1.5"],
    ["a number of 65 bits", withOption({ code: 5, value: 2n ** 64n }), "option 5: 18446744073709551616"],
    ["a link type of 17 bits", { kind: "interface-description", linkType: 65_536 }, "linkType: 65536"],
    [
      "a snapshot length of 33 bits",
      { kind: "interface-description", linkType: 1, snapshotLength: 2 ** 32 },
      "snapshotLength: 4294967296",
    ],
    [
      "an original length of 33 bits",
      { kind: "enhanced-packet", ...packet, originalLength: 2 ** 32 },
      "originalLength: 4294967296",
    ],
    ["a negative original length", { kind: "simple-packet", data: DATA, originalLength: -1 }, "originalLength: -1"],
    ["a time before the epoch", { kind: "enhanced-packet", ...packet, timestampUnits: -1n }, "timestampUnits: -1"],
    [
      "a time of 65 bits",
      { kind: "packet", ...packet, timestampUnits: 2n ** 64n },
      "timestampUnits: 18446744073709551616",
    ],
    [
      "a packet that no reader takes",
      { kind: "enhanced-packet", ...packet, data: new Uint8Array(262_145) },
      "data: 262145",
    ],
    ["an interface id of 17 bits in an obsolete packet", { kind: "packet", ...packet, interfaceId: 65_536 }, "65536"],
    ["a drop count that says it is not known", { kind: "packet", ...packet, dropCount: 65_535 }, "dropCount: 65535"],
    [
      "a name with a zero",
      { kind: "name-resolution", records: [{ address: new Uint8Array(4), names: ["a\0b"] }] },
      "names: text",
    ],
    ["no name", { kind: "name-resolution", records: [{ address: new Uint8Array(4), names: [] }] }, "names: an address"],
    [
      "an empty name",
      { kind: "name-resolution", records: [{ address: new Uint8Array(4), names: [""] }] },
      "names: a name of no bytes",
    ],
    [
      "an address of five bytes",
      { kind: "name-resolution", records: [{ address: new Uint8Array(5), names: ["a"] }] },
      "address: an address of 5 bytes",
    ],
    [
      "a name record of 65536 bytes",
      { kind: "name-resolution", records: [{ code: 9, value: new Uint8Array(65_536) }] },
      "names: a record of 65536 bytes",
    ],
    ["the end of records as a record", { kind: "name-resolution", records: [{ code: 0, value: DATA }] }, "code: 0"],
    [
      "secrets of more than 16 MiB",
      { kind: "decryption-secrets", secretsType: 1, secrets: new Uint8Array(17 << 20) },
      "block: more than the 16777216 bytes",
    ],
    ["a block of a known type as an unknown one", { kind: "unknown", type: 6, body: DATA }, "type: blocks of type 0x6"],
    ["a type of 33 bits", { kind: "unknown", type: 2 ** 32, body: DATA }, "type: 4294967296"],
    [
      "a kind that does not exist",
      { kind: "toString" } as unknown as PcapngBlock,
      'kind: there is no block of the kind "to',
    ],
  ])("%s", (_, block, message) => {
    for (const order of ["little-endian", "big-endian"] as const) {
      expect(() => encodeBlock(block, order)).toThrow(
        expect.objectContaining({ code: "USAGE", message: expect.stringContaining(message) }),
      );
    }
  });

  it("but the most that fits is written", () => {
    const longest = encodeBlock(withOption({ code: 1, value: "x".repeat(65_535) }));
    expect(longest).toHaveLength(12 + 16 + 4 + 65_536 + 4);
    expect(Buffer.from(longest).readUInt16LE(26)).toBe(65_535);
    expect(encodeBlock({ kind: "enhanced-packet", ...packet, data: new Uint8Array(262_144) })).toHaveLength(262_176);
    const largest = (16 << 20) - 12 - 8;
    expect(encodeBlock({ kind: "decryption-secrets", secretsType: 1, secrets: new Uint8Array(largest) })).toHaveLength(
      16 << 20,
    );
  });
});
