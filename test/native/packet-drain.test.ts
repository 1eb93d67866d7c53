import { expect, test } from "vitest";
import { describeWith, requirements } from "../support/privileges.ts";
import {
  batchRecords,
  blockOf,
  bytes,
  drainOf,
  firstBytesOf,
  NOTHING_LEFT,
  protocolError,
  RECORD,
  take,
} from "./drained.ts";
import { RingProducer } from "./ring-producer.ts";

describeWith(requirements.bpf, "a drain", () => {
  test("lays a packet out with its time, both lengths, interface and direction", () => {
    const ring = new RingProducer();
    const data = bytes(21);
    ring.push({ seconds: 1_700_000_005, fraction: 123_456, data, originalLength: 1514, origin: [7, 1, 5, 9] });
    const buffer = new Uint8Array(4096);
    const result = drainOf([ring], { withOrigin: true, unit: 1000 }).drain(buffer);
    expect(result).toEqual({ bytes: 64, records: 1, ...NOTHING_LEFT });
    expect(batchRecords(buffer.subarray(0, 64))).toEqual([
      { header: [1_700_000_005, 123_456_000, 21, 1514, 7, 1, 0, 5, 9, 0], data },
    ]);
  });

  test("puts the process behind the padding, where records end with one", () => {
    const ring = new RingProducer();
    const process = [1234, 1000, 0x6c727563, 0, 0, 0];
    for (const length of [3, 8]) ring.push({ data: bytes(length), origin: [7, 0], process });
    const buffer = new Uint8Array(4096).fill(0xee);
    const result = drainOf([ring], { withOrigin: true, withProcess: true }).drain(buffer);
    expect(result).toEqual({ bytes: 2 * (RECORD + 8 + 24), records: 2, ...NOTHING_LEFT });
    const processAt = (start: number) => [...new Uint32Array(buffer.slice(start, start + 24).buffer)];
    const second = RECORD + 8 + 24;
    expect(processAt(RECORD + 8)).toEqual(process);
    expect(processAt(second + RECORD + 8)).toEqual(process);
    expect(buffer[second + RECORD]).toBe(1);
  });

  test("gives the records of one ring in place, as a pcap file has them", () => {
    const ring = new RingProducer();
    ring.push({ seconds: 5, fraction: 6, data: bytes(3), originalLength: 9 });
    ring.push({ seconds: 7, fraction: 8, data: bytes(2), originalLength: 2 });
    const taken = take(drainOf([new RingProducer(), ring]));
    expect(taken).toMatchObject({ inPlace: true, records: 2, rest: NOTHING_LEFT });
    expect(Buffer.from(taken.bytes).toString("hex")).toBe(
      "05000000060000000300000009000000010203" + "0700000008000000020000000200000001" + "02",
    );
  });

  test("gives blocks of one ring in place, and those of several by their time", () => {
    const blocks = [blockOf(7, 0xffff_ffff), blockOf(8, 0), blockOf(8, 1)];
    const [first, second] = [new RingProducer(), new RingProducer()];
    const drain = drainOf([first, second], { areBlocks: true });
    for (const block of blocks) first.push({ block });
    expect(take(drain)).toMatchObject({ inPlace: true, records: 3, rest: NOTHING_LEFT });
    for (const [index, block] of blocks.entries()) (index === 1 ? first : second).push({ block });
    const taken = take(drain);
    expect(taken).toMatchObject({ inPlace: false, records: 3, rest: NOTHING_LEFT });
    expect(Buffer.from(taken.bytes).toString("hex")).toBe(Buffer.concat(blocks).toString("hex"));
    expect(() => drain.drain(new Uint8Array(4096))).toThrow("the records are blocks");
  });

  test.each([
    ["no multiple of four", 45, 8],
    ["shorter than its packet", 40, 12],
    ["beyond the largest packet", 44, 262_145],
    ["beyond what is published", 48, 8],
    ["no length at all", 0, 0],
  ])("gives no block whose length is %s", (_, totalLength, capturedLength) => {
    const [first, second] = [new RingProducer(), new RingProducer()];
    const block = blockOf(1, 1);
    block.writeUInt32LE(totalLength, 4);
    block.writeUInt32LE(capturedLength, 20);
    first.push({ block });
    second.push({ block: blockOf(1, 2) });
    expect(() => take(drainOf([first, second], { areBlocks: true }))).toThrow(protocolError);
  });

  test("of rings without records leaves the buffer alone", () => {
    const drain = drainOf([new RingProducer(), new RingProducer()]);
    const buffer = new Uint8Array(64).fill(0xaa);
    expect(drain.drain(buffer)).toEqual({ bytes: 0, records: 0, ...NOTHING_LEFT });
    expect(drain.takeRecords(buffer)).toEqual({ ring: -1, offset: 0, bytes: 0, records: 0, ...NOTHING_LEFT });
    expect(buffer.every((byte) => byte === 0xaa)).toBe(true);
  });

  test.each([
    ["seconds", (number: number) => ({ seconds: number })],
    ["fractions of one second", (number: number) => ({ fraction: number })],
  ])("merges rings by time: %s", (_, timeOf) => {
    const rings = [new RingProducer(), new RingProducer(), new RingProducer()];
    for (const [index, ring] of rings.entries()) {
      for (let round = 0; round < 4; round++) {
        const number = round * 3 + index;
        ring.push({ ...timeOf(number), data: bytes(1, number) });
      }
    }
    const taken = take(drainOf(rings));
    expect(taken).toMatchObject({ inPlace: false, records: 12, rest: NOTHING_LEFT });
    expect(firstBytesOf(taken.bytes)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  test("merges records from before and after the clock was set back by their turn, not by their time", () => {
    const [first, second] = [new RingProducer(), new RingProducer()];
    const drain = drainOf([first, second]);
    first.push({ seconds: 100, data: bytes(1, 1) });
    second.push({ seconds: 101, data: bytes(1, 2) });
    expect(drain.setEpochOffset(0n)).toBe(true);
    for (const [ring, number] of [
      [first, 3],
      [second, 4],
    ] as const) {
      ring.noteStep();
      ring.push({ seconds: 50 + number, data: bytes(1, number) });
    }
    // The order over a second change would not be known.
    expect(drain.setEpochOffset(0n)).toBe(false);
    expect(firstBytesOf(take(drain).bytes)).toEqual([1, 2, 3, 4]);
    expect(drain.setEpochOffset(0n)).toBe(true);
  });

  test("takes nothing of other rings while a producer may write an older record", () => {
    const [first, second] = [new RingProducer(), new RingProducer()];
    const drain = drainOf([first, second]);
    first.push({ data: bytes(1, 1) });
    second.setClaimed(true);
    expect(take(drain)).toMatchObject({ records: 0, rest: { status: "unfinished" } });
    second.setClaimed(false);
    expect(firstBytesOf(take(drain).bytes)).toEqual([1]);
  });

  test("does not wait for the producer of the only ring that has records", () => {
    const ring = new RingProducer();
    ring.push({ data: bytes(1, 7) });
    ring.setClaimed(true);
    expect(firstBytesOf(take(drainOf([new RingProducer(), ring])).bytes)).toEqual([7]);
  });

  test("takes as many packets as have room, and gives the others with the next call", () => {
    const ring = new RingProducer();
    for (let number = 0; number < 5; number++) ring.push({ data: bytes(8, number), origin: [1, 0] });
    const drain = drainOf([ring], { withOrigin: true });
    const buffer = new Uint8Array(48 * 2 + 47);
    expect(drain.drain(buffer)).toEqual({ bytes: 96, records: 2, status: "no-room" });
    expect(batchRecords(buffer.subarray(0, 96)).map(({ data }) => data[0])).toEqual([0, 1]);
    const rest = new Uint8Array(4096);
    const { bytes: used } = drain.drain(rest);
    expect(batchRecords(rest.subarray(0, used)).map(({ data }) => data[0])).toEqual([2, 3, 4]);
  });

  test.each([0, 40, 47])("refuses a buffer of %i bytes for a packet that needs 48, and keeps the packet", (length) => {
    const ring = new RingProducer();
    ring.push({ data: bytes(8), origin: [1, 0] });
    const drain = drainOf([ring], { withOrigin: true });
    expect(() => drain.drain(new Uint8Array(length))).toThrow(
      expect.objectContaining({ code: "ENOBUFS", operation: "put a packet of 8 bytes into the buffer" }),
    );
    expect(drain.drain(new Uint8Array(64)).records).toBe(1);
  });

  test.each([true, false])("goes round the ring and loses nothing (in place: %s)", (inPlace) => {
    const rings = [new RingProducer(4096), new RingProducer(4096)];
    const drain = drainOf(rings);
    const [first, second] = rings;
    let pushed = 0;
    const taken: (number | undefined)[] = [];
    while (pushed < 250) {
      // No record of 17 to 480 bytes ends where the ring does.
      while (first?.push({ seconds: pushed, data: bytes(1 + ((pushed * 37) % 464), pushed % 251) })) pushed++;
      if (!inPlace) second?.push({ seconds: pushed - 1, data: bytes(1, 255) });
      for (let more = true; more; ) {
        const { bytes: records, rest, inPlace: were } = take(drain);
        expect(were || !inPlace || records.length === 0).toBe(true);
        taken.push(...firstBytesOf(records).filter((byte) => byte !== 255));
        more = rest.status === "no-room" || records.length > 0;
      }
    }
    expect(taken).toEqual(Array.from({ length: pushed }, (_, index) => index % 251));
  });

  test("keeps what it gave in place from the producer until the next call", () => {
    const ring = new RingProducer(4096);
    const drain = drainOf([ring]);
    while (ring.push({ data: bytes(1000) }));
    take(drain);
    expect(ring.push({ data: bytes(1000) })).toBe(false);
    take(drain);
    expect(ring.push({ data: bytes(1000) })).toBe(true);
  });

  test("gives a full ring in parts, so that the producer has room soon", () => {
    const ring = new RingProducer(16_384);
    while (ring.push({ data: bytes(100) }));
    const drain = drainOf([ring]);
    const taken = take(drain);
    expect(taken.rest.status).toBe("no-room");
    expect(taken.bytes.length).toBeLessThan(16_384 / 2);
    expect(taken.bytes.length % 116).toBe(0);
    expect(taken.records).toBe(taken.bytes.length / 116);
  });

  test("outlives the descriptor of its ring", () => {
    const ring = new RingProducer();
    ring.push({ data: bytes(1, 5) });
    const drain = drainOf([ring]);
    ring.map.close();
    expect(firstBytesOf(take(drain).bytes)).toEqual([5]);
  });

  test("leaves what was taken last in its place when it is closed, and zeros around it", () => {
    const ring = new RingProducer();
    const drain = drainOf([ring]);
    const kept: Uint8Array[] = [];
    for (const first of [5, 7]) {
      ring.push({ data: bytes(1, first) });
      const { offset, bytes: length } = drain.takeRecords(new Uint8Array(64));
      kept.push(new Uint8Array(drain.buffers()[0] ?? new ArrayBuffer(0), offset, length));
    }
    ring.push({ data: bytes(1, 9) });
    drain.skip();
    drain.close();
    expect(kept.map((records) => records[16])).toEqual([0, 7]);
    // Nobody is the worse for changing what nobody reads.
    const [buffer] = kept.map((records) => new Uint8Array(records.buffer).fill(1));
    expect(buffer?.every((byte) => byte === 1)).toBe(true);
  });

  test("passes over what lies in the rings, and counts it", () => {
    const rings = [new RingProducer(4096), new RingProducer(4096)] as const;
    const drain = drainOf(rings);
    let pushed = 0;
    while (rings[0].push({ data: bytes(100) })) pushed++;
    const { records } = take(drain);
    rings[1].push({ data: bytes(1, 9) });
    expect(records + drain.skip()).toBe(pushed + 1);
    expect(drain.skip()).toBe(0);
    rings[1].push({ data: bytes(1, 3) });
    expect(firstBytesOf(take(drain).bytes)).toEqual([3]);
  });
});
