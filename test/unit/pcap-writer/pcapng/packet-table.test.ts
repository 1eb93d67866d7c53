/** Many packets at once are what they are one by one. */
import { describe, expect, it } from "vitest";
import { randomNumbers } from "../../../../scripts/lib/parser-fuzz.mjs";
import {
  type ByteOrder,
  encodeBlock,
  encodePackets,
  type PacketTable,
  PcapngBlockWriter,
  type PcapngOption,
} from "../../../../src/pcap-writer/index.ts";

interface Row {
  readonly data: Uint8Array;
  readonly originalLength: number;
  readonly timestampUnits: bigint;
  readonly interfaceId: number;
  readonly flags: number;
  readonly dropCount: number;
  readonly queue: number;
}

const random = randomNumbers(7);

function randomRow(length = random() % 300): Row {
  return {
    data: Uint8Array.from({ length }, () => random()),
    originalLength: random(),
    timestampUnits: (BigInt(random()) << 32n) | BigInt(random()),
    interfaceId: random() % 2,
    flags: random() % 3,
    dropCount: random() & 1 ? 0 : random(),
    queue: random() % 4,
  };
}

function tableOf(rows: readonly Row[], columns: readonly string[]): PacketTable {
  const column = (value: (row: Row) => number) => Uint32Array.from(rows, value);
  const offsets: number[] = [];
  let end = 3;
  for (const { data } of rows) {
    offsets.push(end);
    end += data.length;
  }
  const bytes = Buffer.alloc(end);
  for (const [index, { data }] of rows.entries()) bytes.set(data, offsets[index]);
  return {
    count: rows.length,
    bytes,
    offset: Uint32Array.from(offsets),
    capturedLength: column(({ data }) => data.length),
    originalLength: column((row) => row.originalLength),
    timestampHigh: column((row) => Number(row.timestampUnits >> 32n)),
    timestampLow: column((row) => Number(row.timestampUnits & 0xffff_ffffn)),
    interfaceId: column((row) => row.interfaceId),
    flags: columns.includes("flags") ? column((row) => row.flags) : undefined,
    dropCount: columns.includes("dropCount") ? column((row) => row.dropCount) : undefined,
    queue: columns.includes("queue") ? column((row) => row.queue) : undefined,
  };
}

function oneByOne(rows: readonly Row[], columns: readonly string[], byteOrder: ByteOrder): Buffer {
  return Buffer.concat(
    rows.map(({ flags, dropCount, queue, ...fields }) => {
      const options: PcapngOption[] = [];
      if (columns.includes("flags") && flags !== 0) options.push({ code: 2, value: flags });
      if (columns.includes("dropCount") && dropCount !== 0) options.push({ code: 4, value: BigInt(dropCount) });
      if (columns.includes("queue")) options.push({ code: 6, value: queue });
      return encodeBlock({ kind: "enhanced-packet", ...fields, options }, byteOrder);
    }),
  );
}

describe.each(["little-endian", "big-endian"] as const)("in %s order", (byteOrder) => {
  it.each([[[]], [["flags"]], [["dropCount"]], [["queue"]], [["flags", "dropCount", "queue"]]])(
    "with %j",
    (columns) => {
      const rows = Array.from({ length: 200 }, () => randomRow());
      const table = tableOf(rows, columns);
      const expected = oneByOne(rows, columns, byteOrder);
      expect(expected.equals(encodePackets(table, undefined, byteOrder))).toBe(true);
      // Memory that held something else, with room and without.
      for (const size of [expected.length + 100, 64]) {
        expect(expected.equals(encodePackets(table, Buffer.alloc(size, 0xff), byteOrder))).toBe(true);
      }
    },
  );

  it("through a writer, in pieces of whole blocks", () => {
    const rows = Array.from({ length: 3000 }, () => randomRow(1000 + (random() % 500)));
    const pieces: Buffer[] = [];
    const writer = new PcapngBlockWriter((bytes) => pieces.push(Buffer.from(bytes)), byteOrder);
    writer.writeBlock({ kind: "section-header" });
    for (const linkType of [1, 101]) writer.writeBlock({ kind: "interface-description", linkType });
    const header = writer.byteCount;
    writer.writePackets(tableOf(rows, ["flags"]));
    writer.flush();
    expect(writer.packetCount).toBe(3000);
    expect(pieces.length).toBeGreaterThan(2);
    expect(
      Buffer.concat(pieces)
        .subarray(header)
        .equals(oneByOne(rows, ["flags"], byteOrder)),
    ).toBe(true);
  });
});

it("no packets are no bytes, and a table of more than 16 MiB is encoded", () => {
  expect(encodePackets(tableOf([], []))).toHaveLength(0);
  const row = { ...randomRow(), data: new Uint8Array(262_144) };
  expect(encodePackets(tableOf(Array(80).fill(row), []), Buffer.alloc(1))).toHaveLength(80 * (262_144 + 32));
});

it.each(["offset", "timestampLow", "queue"] as const)("a table whose column %s is too short is refused", (name) => {
  const rows = [randomRow(), randomRow()];
  const table = { ...tableOf(rows, ["queue"]), [name]: new Uint32Array(1) };
  const refused = expect.objectContaining({ code: "USAGE", message: `${name}: 1 numbers for 2 packets` });
  expect(() => encodePackets(table)).toThrow(refused);
  expect(() => new PcapngBlockWriter(() => undefined).writePackets(table)).toThrow(refused);
});

describe("a packet that cannot be written is refused, those before it are written", () => {
  const rows = Array.from({ length: 3 }, () => ({ ...randomRow(), interfaceId: 0 }));

  it.each<[string, (table: PacketTable) => void, string]>([
    ["one that ends behind the bytes", ({ offset }) => offset.fill(2 ** 31, 2), "offset: packet 2 ends at byte"],
    ["one longer than readers take", ({ capturedLength }) => capturedLength.fill(262_145, 2), "capturedLength: 262145"],
    ["one of no interface", ({ interfaceId }) => interfaceId.fill(1, 2), "interfaceId: 1"],
  ])("%s", (_, spoil, message) => {
    const table = tableOf(rows, []);
    spoil(table);
    const pieces: Buffer[] = [];
    const writer = new PcapngBlockWriter((bytes) => pieces.push(Buffer.from(bytes)));
    writer.writeBlock({ kind: "section-header" });
    writer.writeBlock({ kind: "interface-description", linkType: 1 });
    const header = writer.byteCount;
    const refused = expect.objectContaining({ code: "USAGE", message: expect.stringContaining(message) });
    expect(() => writer.writePackets(table)).toThrow(refused);
    writer.flush();
    expect(writer.packetCount).toBe(2);
    expect(Buffer.concat(pieces).subarray(header)).toEqual(oneByOne(rows.slice(0, 2), [], "little-endian"));
  });
});
