import { expect, test } from "vitest";
import { BATCH_RECORD } from "../../../src/generated/layouts.ts";
import { AlignedBatch } from "../../../src/packets/aligned-batch.ts";

interface Content {
  seconds: number;
  nanoseconds: number;
  data: Uint8Array;
  originalLength: number;
  interfaceIndex: number;
  direction: number;
}

function content(length: number, more: Partial<Content> = {}): Content {
  const data = Uint8Array.from({ length }, (_, index) => length + index);
  return { seconds: 1, nanoseconds: 2, data, originalLength: length, interfaceIndex: 3, direction: 0, ...more };
}

/** A batch as native/batch_record.h lays it out, with 0xee between and behind the records. */
function batchOf(...contents: readonly Content[]): AlignedBatch {
  const parts = contents.map(({ seconds, nanoseconds, data, originalLength, interfaceIndex, direction }) => {
    const record = Buffer.alloc(Math.ceil((BATCH_RECORD.size + data.length) / 8) * 8, 0xee);
    const words = [seconds, nanoseconds, data.length, originalLength, interfaceIndex, direction];
    for (const [index, word] of words.entries()) record.writeUInt32LE(word, index * 4);
    record.set(data, BATCH_RECORD.size);
    return record;
  });
  const bytes = new Uint8Array(Buffer.concat([...parts, Buffer.alloc(64, 0xee)]));
  return new AlignedBatch(bytes, new Uint32Array(bytes.buffer), contents.length);
}

test("an empty batch has no packets", () => {
  const batch = batchOf();
  expect(batch.count).toBe(0);
  expect([...batch]).toEqual([]);
  expect(batch.cursor().next()).toBe(false);
});

test("packets come with all that is known of them", () => {
  const data = Uint8Array.of(1, 2, 3);
  const more = { seconds: 0xffff_ffff, nanoseconds: 999_999_999, data, originalLength: 0xffff_ffff };
  expect([...batchOf(content(3, { ...more, interfaceIndex: 0x8000_0001, direction: 1 }), content(2))]).toEqual([
    {
      timestamp: 4_294_967_295_999_999_999n,
      interfaceIndex: 0x8000_0001,
      direction: "out",
      originalLength: 0xffff_ffff,
      data,
    },
    { timestamp: 1_000_000_002n, interfaceIndex: 3, direction: "in", originalLength: 2, data: Uint8Array.of(2, 3) },
  ]);
});

test("packets of every length are found, whatever the padding before them", () => {
  const contents = Array.from({ length: 40 }, (_, length) => content(length));
  expect([...batchOf(...contents)].map(({ data }) => data)).toEqual(contents.map(({ data }) => data));
});

test("a cursor steps through the same packets, and stays at the end", () => {
  const cursor = batchOf(content(5), content(8, { direction: 1 })).cursor();
  expect(cursor.next()).toBe(true);
  expect(cursor).toMatchObject({ seconds: 1, nanoseconds: 2, capturedLength: 5, originalLength: 5, direction: 0 });
  expect([...cursor.bytes.subarray(cursor.start, cursor.start + 5)]).toEqual([5, 6, 7, 8, 9]);
  expect(cursor.next()).toBe(true);
  expect(cursor).toMatchObject({ capturedLength: 8, interfaceIndex: 3, direction: 1 });
  expect([...cursor.bytes.subarray(cursor.start, cursor.start + 8)]).toEqual([8, 9, 10, 11, 12, 13, 14, 15]);
  expect(cursor.next()).toBe(false);
  expect(cursor.next()).toBe(false);
});

test("a batch may be gone through twice", () => {
  const batch = batchOf(content(1), content(2));
  expect([...batch]).toEqual([...batch]);
});

test("the data are the bytes of the batch itself, not a copy", () => {
  const batch = batchOf(content(4));
  const [packet] = [...batch];
  batch.cursor().bytes.fill(0);
  expect(packet?.data).toEqual(new Uint8Array(4));
});

test("with processes, each packet has its own, or none where no socket is known", () => {
  const processOf = (pid: number, comm: string) => {
    const bytes = Buffer.alloc(24);
    bytes.writeUInt32LE(pid, 0);
    bytes.writeUInt32LE(pid === 0 ? 0 : 0xffff_fffe, 4);
    bytes.write(comm, 8);
    return bytes;
  };
  const record = (length: number, process: Buffer) => {
    const header = Buffer.alloc(BATCH_RECORD.size + Math.ceil(length / 8) * 8, 0xee);
    for (const [index, word] of [1, 2, length, length, 3, 1].entries()) header.writeUInt32LE(word, index * 4);
    return Buffer.concat([header, process]);
  };
  const parts = [record(3, processOf(7, "fifteen-letters")), record(8, processOf(0, "")), record(1, processOf(8, "b"))];
  const bytes = new Uint8Array(Buffer.concat(parts));
  const batch = new AlignedBatch(bytes, new Uint32Array(bytes.buffer), 3, true);
  const first = { pid: 7, uid: 0xffff_fffe, comm: "fifteen-letters" };
  expect(Array.from(batch, ({ process }) => process)).toEqual([first, undefined, { ...first, pid: 8, comm: "b" }]);
  expect(Array.from(batch, ({ data }) => data.length)).toEqual([3, 8, 1]);
  const packed = batch.pack(new Uint8Array(bytes.length), "nano");
  expect(packed.length).toBe(3 * 16 + 12);
});
