import { expect, test } from "vitest";
import { BATCH_RECORD, BLOCK_OVERHEAD_MAX, PACKET_PROCESS, PACKET_QUEUE_UNKNOWN } from "../../src/generated/layouts.ts";
import { HAS_DIRECTIONS, IS_XDP, packBlocks } from "../../src/native/pack-blocks.ts";
import { PcapngWriter } from "../../src/pcap-writer/index.ts";

const OPTIONS = { unit: 1, repair: false, trailer: 0 } as const;

type Fields = Partial<Record<Exclude<keyof typeof BATCH_RECORD, "size">, number>>;

/** A record with that many bytes, counted up from 1, padded to eight. */
function record(length: number, fields: Fields = {}, process?: Buffer): Buffer {
  const bytes = Buffer.alloc(BATCH_RECORD.size + Math.ceil(length / 8) * 8, 0xee);
  bytes.fill(0, 0, BATCH_RECORD.size);
  const numbers = { capturedLength: length, originalLength: length, queue: PACKET_QUEUE_UNKNOWN, ...fields };
  for (const [name, value] of Object.entries(numbers)) {
    bytes.writeUInt32LE(value, BATCH_RECORD[name as keyof typeof BATCH_RECORD]);
  }
  for (let at = 0; at < length; at++) bytes[BATCH_RECORD.size + at] = at + 1;
  return process === undefined ? bytes : Buffer.concat([bytes, process]);
}

function processOf(pid: number, uid: number, comm: string): Buffer {
  const bytes = Buffer.alloc(PACKET_PROCESS.size);
  bytes.writeUInt32LE(pid, PACKET_PROCESS.pid);
  bytes.writeUInt32LE(uid, PACKET_PROCESS.uid);
  bytes.write(comm, PACKET_PROCESS.comm, "latin1");
  return bytes;
}

/** Interfaces 7 at TC and 9 at XDP. */
function interfaces() {
  return { words: Uint32Array.of(7, HAS_DIRECTIONS, 1, 9, HAS_DIRECTIONS | IS_XDP, 101), counts: new Uint32Array(2) };
}

function pack(records: readonly Buffer[], options: { unit?: 1 | 1000; trailer?: number } = {}) {
  const batch = new Uint8Array(Buffer.concat(records));
  const table = interfaces();
  const output = new Uint8Array(batch.length + (records.length + 1) * BLOCK_OVERHEAD_MAX).fill(0xdd);
  const { blocks } = packBlocks(batch, records.length, output, { ...OPTIONS, ...options, interfaces: table });
  return { blocks, counts: [...table.counts] };
}

/** The blocks that PcapngWriter makes of the same packets. */
function written(packets: readonly Omit<Parameters<PcapngWriter["write"]>[0], "data">[], lengths: readonly number[]) {
  const parts: Buffer[] = [];
  const writer = new PcapngWriter({}, (bytes) => parts.push(Buffer.from(bytes)));
  for (const linkType of [1, 101]) writer.addInterface({ linkType });
  writer.flush();
  parts.length = 0;
  for (const [index, packet] of packets.entries()) {
    writer.write({ ...packet, data: Uint8Array.from({ length: lengths[index] ?? 0 }, (_, at) => at + 1) });
  }
  writer.flush();
  return Buffer.concat(parts);
}

test("blocks of every length are those of PcapngWriter, with all that is known of a packet", () => {
  const lengths = Array.from({ length: 20 }, (_, length) => length);
  const records = lengths.map((length) =>
    record(length, {
      seconds: 4_000_000_000 + length,
      nanoseconds: 999_999_999 - length,
      originalLength: 1514,
      interfaceIndex: length % 2 === 0 ? 7 : 9,
      direction: length % 3 === 0 ? 1 : 0,
      queue: length % 4 === 0 ? length : PACKET_QUEUE_UNKNOWN,
      lost: length % 5 === 0 ? length : 0,
      isDropped: length % 7 === 0 ? 1 : 0,
    }),
  );
  const { blocks, counts } = pack(records);
  const expected = lengths.map((length) => ({
    interfaceId: length % 2,
    timestampNanoseconds: BigInt(4_000_000_000 + length) * 1_000_000_000n + BigInt(999_999_999 - length),
    originalLength: 1514,
    direction: length % 3 === 0 ? ("out" as const) : ("in" as const),
    queue: length % 4 === 0 ? length : undefined,
    dropCount: length % 5 === 0 && length > 0 ? length : undefined,
    verdict:
      length % 7 === 0
        ? length % 2 === 0
          ? ({ kind: "tc", value: 2 } as const)
          : ({ kind: "xdp", value: 1 } as const)
        : undefined,
  }));
  expect(Buffer.from(blocks).toString("hex")).toBe(written(expected, lengths).toString("hex"));
  expect(counts).toEqual([10, 10]);
});

test("a process is a comment and two numbers, whatever its name holds", () => {
  const { blocks } = pack(
    [
      record(5, { interfaceIndex: 7 }, processOf(812, 33, "nginx")),
      record(5, { interfaceIndex: 7 }, processOf(0, 0, "")),
      record(8, { interfaceIndex: 7 }, processOf(0xffff_ffff, 0xffff_fffe, "fifteen-l\xc3\xffters")),
    ],
    { trailer: PACKET_PROCESS.size },
  );
  const packet = { interfaceId: 0, timestampNanoseconds: 0n, direction: "in" as const };
  const ids = (processId: number) => ({ processIdThreadId: { processId } });
  const expected = [
    { ...packet, ...ids(812), comment: "pid 812 uid 33 nginx" },
    packet,
    { ...packet, ...ids(0xffff_ffff), comment: "pid 4294967295 uid 4294967294 fifteen-l??ters" },
  ];
  expect(Buffer.from(blocks).toString("hex")).toBe(written(expected, [5, 5, 8]).toString("hex"));
});

test("a packet that does not say which way it went has no options", () => {
  const batch = new Uint8Array(record(3, { interfaceIndex: 7 }));
  const output = new Uint8Array(512);
  const table = { words: Uint32Array.of(7, 0, 1), counts: new Uint32Array(1) };
  const { blocks } = packBlocks(batch, 1, output, { ...OPTIONS, interfaces: table });
  const expected = written([{ interfaceId: 0, timestampNanoseconds: 0n }], [3]);
  expect(Buffer.from(blocks).toString("hex")).toBe(expected.toString("hex"));
});

test("times may be in microseconds", () => {
  const { blocks } = pack([record(0, { interfaceIndex: 7, seconds: 1, nanoseconds: 999_999_999 })], { unit: 1000 });
  expect(Buffer.from(blocks).readUInt32LE(16)).toBe(1_999_999);
});

test("a packet of an interface that the file does not describe is refused, as is an output without room", () => {
  expect(() => pack([record(0, { interfaceIndex: 8 })])).toThrow(RangeError);
  const table = { ...OPTIONS, interfaces: interfaces() };
  const one = new Uint8Array(record(8, { interfaceIndex: 7 }));
  expect(() => packBlocks(one, 1, new Uint8Array(8 + BLOCK_OVERHEAD_MAX - 1), table)).toThrow(RangeError);
  expect(() => packBlocks(one, 2, new Uint8Array(4096), table)).toThrow(RangeError);
  expect(() => packBlocks(one.subarray(0, -1), 1, new Uint8Array(4096), table)).toThrow(RangeError);
  expect(() => packBlocks(one, 1, new Uint8Array(4096), { ...table, trailer: 8 })).toThrow(RangeError);
  expect(() => packBlocks(one, 1, new Uint8Array(4096), { ...table, trailer: PACKET_PROCESS.size })).toThrow(
    RangeError,
  );
});
