import { expect, onTestFinished, test } from "vitest";
import { addon, type NativePacketDrain } from "../../src/libbpf/addon.ts";
import type { Descriptor } from "../../src/libbpf/descriptor.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { loadRing, packetRecord } from "./test-programs.ts";

const EVERYTHING = 2n ** 64n - 1n;

function drainOf(...maps: Descriptor[]): NativePacketDrain {
  const drain = new (addon().PacketDrain)(maps);
  onTestFinished(() => drain.close());
  return drain;
}

/** Data of a packet: `length` bytes, counted up from `first`. */
function bytes(length: number, first = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => first + index);
}

/** native/batch_record.h: six numbers of four bytes, the data, padding to eight bytes. */
function batchRecords(batch: Uint8Array): { header: number[]; data: Uint8Array }[] {
  const records: { header: number[]; data: Uint8Array }[] = [];
  for (let start = 0; start < batch.length; ) {
    const header = [...new Uint32Array(batch.slice(start, start + 24).buffer)];
    const length = header[2] ?? 0;
    records.push({ header, data: batch.slice(start + 24, start + 24 + length) });
    start += Math.ceil((24 + length) / 8) * 8;
  }
  return records;
}

/** Everything in the rings, as the first data byte of each record. */
function firstBytes(drain: NativePacketDrain, until = EVERYTHING): (number | undefined)[] {
  const buffer = new Uint8Array(65_536);
  const { bytes: used } = drain.drain(buffer, until, 0n);
  return batchRecords(buffer.subarray(0, used)).map(({ data }) => data[0]);
}

describeWith(requirements.bpf, "a drain", () => {
  test("lays a record out with its time since the epoch, both lengths, interface and direction", () => {
    const ring = loadRing();
    const data = bytes(21);
    ring.push(packetRecord({ timestamp: 5_000_000_000n, data, originalLength: 1514, interfaceIndex: 7, direction: 1 }));
    const buffer = new Uint8Array(4096);
    const result = drainOf(ring.map).drain(buffer, EVERYTHING, 1_700_000_000_123_456_789n);
    expect(result).toEqual({ bytes: 48, records: 1, full: false, busy: false, later: false });
    expect(batchRecords(buffer.subarray(0, 48))).toEqual([
      { header: [1_700_000_005, 123_456_789, 21, 1514, 7, 1], data },
    ]);
  });

  test("of rings without records leaves the buffer alone", () => {
    const buffer = new Uint8Array(64).fill(0xaa);
    const result = drainOf(loadRing().map, loadRing().map).drain(buffer, EVERYTHING, 0n);
    expect(result).toEqual({ bytes: 0, records: 0, full: false, busy: false, later: false });
    expect(buffer.every((byte) => byte === 0xaa)).toBe(true);
  });

  test("merges rings by time", () => {
    const rings = [loadRing(), loadRing(), loadRing()];
    for (const [index, ring] of rings.entries()) {
      for (let round = 0; round < 4; round++) {
        const number = round * 3 + index;
        ring.push(packetRecord({ timestamp: BigInt(1000 + number), data: bytes(1, number) }));
      }
    }
    expect(firstBytes(drainOf(...rings.map(({ map }) => map)))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  test("leaves what is stamped after the wanted time for the next call, and says so", () => {
    const [first, second] = [loadRing(), loadRing()];
    first.push(packetRecord({ timestamp: 10n, data: bytes(1, 1) }));
    first.push(packetRecord({ timestamp: 30n, data: bytes(1, 3) }));
    second.push(packetRecord({ timestamp: 20n, data: bytes(1, 2) }));
    const drain = drainOf(first.map, second.map);
    expect(drain.drain(new Uint8Array(64), 9n, 0n)).toEqual({
      bytes: 0,
      records: 0,
      full: false,
      busy: false,
      later: true,
    });
    expect(firstBytes(drain, 20n)).toEqual([1, 2]);
    expect(firstBytes(drain, 30n)).toEqual([3]);
  });

  test("takes as many records as have room, and gives the others with the next call", () => {
    const ring = loadRing();
    for (let number = 0; number < 5; number++) ring.push(packetRecord({ timestamp: 1n, data: bytes(8, number) }));
    const drain = drainOf(ring.map);
    const buffer = new Uint8Array(32 * 2 + 31);
    const first = drain.drain(buffer, EVERYTHING, 0n);
    expect(first).toEqual({ bytes: 64, records: 2, full: true, busy: false, later: false });
    expect(batchRecords(buffer.subarray(0, 64)).map(({ data }) => data[0])).toEqual([0, 1]);
    expect(firstBytes(drain)).toEqual([2, 3, 4]);
  });

  test.each([0, 24, 31])("refuses a buffer of %i bytes for a record that needs 32, and keeps the record", (length) => {
    const ring = loadRing();
    ring.push(packetRecord({ timestamp: 1n, data: bytes(8) }));
    const drain = drainOf(ring.map);
    expect(() => drain.drain(new Uint8Array(length), EVERYTHING, 0n)).toThrow(
      expect.objectContaining({ code: "ENOBUFS", operation: "put a packet of 8 bytes into the buffer" }),
    );
    expect(firstBytes(drain)).toEqual([1]);
  });

  test("gives the room of what it took back to the producer", () => {
    const ring = loadRing();
    const drain = drainOf(ring.map);
    const record = packetRecord({ timestamp: 1n, data: bytes(1000) });
    const buffer = new Uint8Array(65_536);
    let pushed = 0;
    let taken = 0;
    // The ring of 16 KiB is gone round six times.
    while (pushed < 100) {
      while (ring.push(record)) pushed++;
      taken += drain.drain(buffer, EVERYTHING, 0n).records;
    }
    expect(taken).toBe(pushed);
  });

  test("passes over records that were given up", () => {
    const ring = loadRing();
    ring.discard();
    ring.push(packetRecord({ timestamp: 1n, data: bytes(1, 42) }));
    ring.discard();
    expect(firstBytes(drainOf(ring.map))).toEqual([42]);
  });

  test("frees the room of records that were given up, though nobody sees them", () => {
    const ring = loadRing();
    const drain = drainOf(ring.map);
    for (let round = 0; round < 3; round++) {
      while (ring.discard());
      expect(firstBytes(drain)).toEqual([]);
    }
    expect(ring.push(packetRecord({ timestamp: 1n }))).toBe(true);
  });

  test("refuses a record that says it holds more than it does", () => {
    const ring = loadRing();
    ring.push(packetRecord({ timestamp: 1n, data: bytes(8), capturedLength: 9 }));
    const drain = drainOf(ring.map);
    expect(() => drain.drain(new Uint8Array(64), EVERYTHING, 0n)).toThrow(expect.objectContaining({ code: "EPROTO" }));
  });

  test("refuses a captured length at which a sum of 32 bits would wrap", () => {
    const ring = loadRing();
    ring.push(packetRecord({ timestamp: 1n, data: bytes(8), capturedLength: 0xffff_fff0 }));
    const drain = drainOf(ring.map);
    expect(() => drain.drain(new Uint8Array(64), EVERYTHING, 0n)).toThrow(expect.objectContaining({ code: "EPROTO" }));
  });

  test("refuses a record that is shorter than its header", () => {
    const ring = loadRing();
    ring.push(new Uint8Array(23));
    const drain = drainOf(ring.map);
    expect(() => drain.drain(new Uint8Array(64), EVERYTHING, 0n)).toThrow(expect.objectContaining({ code: "EPROTO" }));
  });

  test("beside another one on the same ring notices that it was overtaken", () => {
    const ring = loadRing();
    const [left, right] = [drainOf(ring.map), drainOf(ring.map)];
    const buffer = new Uint8Array(65_536);
    const sizes = [700, 1100, 300, 1900];
    for (let round = 0; round < 40; round++) {
      const size = sizes[round % sizes.length] ?? 0;
      while (ring.push(packetRecord({ timestamp: 1n, data: bytes(size) })));
      left.drain(buffer, EVERYTHING, 0n);
    }
    expect(() => right.drain(buffer, EVERYTHING, 0n)).toThrow(expect.objectContaining({ code: "EPROTO" }));
  });

  test("outlives the descriptor of its ring", () => {
    const ring = loadRing();
    ring.push(packetRecord({ timestamp: 1n, data: bytes(1, 5) }));
    const drain = drainOf(ring.map);
    ring.map.close();
    expect(firstBytes(drain)).toEqual([5]);
  });

  test("does not take a map that is no ring, and names it", () => {
    const hash = addon().createMap(1, 4, 4, 1, 0, "test_hash");
    onTestFinished(() => hash.close());
    expect(() => drainOf(loadRing().map, hash)).toThrow(
      expect.objectContaining({ code: "EINVAL", operation: "read the map test_hash, which is no ring buffer" }),
    );
  });
});

test("a drain wants an array of descriptors", () => {
  const { PacketDrain } = addon();
  for (const maps of [undefined, null, {}, new Set(), "", 1, new Uint8Array(4)]) {
    expect(() => new PacketDrain(maps as unknown as Descriptor[])).toThrow("expected an array of Descriptors");
  }
  for (const maps of [[undefined], [{}], new Array(4_294_967_295)]) {
    expect(() => new PacketDrain(maps)).toThrow("expected a Descriptor of a map");
  }
});

test("an exception of an array that computes its items is passed on", () => {
  const array: Descriptor[] = [];
  Object.defineProperty(array, 0, {
    get() {
      throw new Error("thrown by the array");
    },
  });
  expect(() => new (addon().PacketDrain)(array)).toThrow("thrown by the array");
  expect(() => new (addon().Readiness)(array, () => {})).toThrow("thrown by the array");
});

test("a buffer that is not aligned is refused", () => {
  const buffer = new Uint8Array(64).subarray(1);
  expect(() => drainOf().drain(buffer, 0n, 0n)).toThrow(new RangeError("the buffer is not aligned"));
});

test("a detached buffer is taken as one without room", () => {
  const buffer = new Uint8Array(64);
  structuredClone(buffer.buffer, { transfer: [buffer.buffer] });
  expect(buffer).toHaveLength(0);
  expect(drainOf().drain(buffer, 0n, 0n)).toEqual({ bytes: 0, records: 0, full: false, busy: false, later: false });
});

test("a closed drain says that it is closed", () => {
  const drain = drainOf();
  drain.close();
  drain.close();
  expect(() => drain.drain(new Uint8Array(64), 0n, 0n)).toThrow("the drain is closed");
});
