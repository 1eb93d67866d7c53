import { expect, onTestFinished, test } from "vitest";
import { addon, type NativeRecordDrain } from "../../src/native/addon.ts";
import type { Descriptor } from "../../src/native/descriptor.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { loadRing } from "./test-programs.ts";

function drainOf(map: Descriptor): NativeRecordDrain {
  const drain = new (addon().RecordDrain)(map);
  onTestFinished(() => drain.close());
  return drain;
}

const filled = (length: number, value: number) => new Uint8Array(length).fill(value);

/** Records as a drain lays them out: length and 0 in four bytes each, the record, padding to eight bytes. */
function recordsIn(buffer: Uint8Array, count: number): Uint8Array[] {
  const view = new DataView(buffer.buffer, buffer.byteOffset);
  const records: Uint8Array[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const length = view.getUint32(at, true);
    expect(view.getUint32(at + 4, true)).toBe(0);
    records.push(buffer.slice(at + 8, at + 8 + length));
    at += 8 + Math.ceil(length / 8) * 8;
  }
  return records;
}

describeWith(requirements.bpf, "a drain of records", () => {
  test("takes records of any length in their order, past those given up", () => {
    const ring = loadRing();
    const records = [filled(14, 1), filled(160, 2), filled(33, 3), filled(2048, 4)];
    for (const record of records) {
      ring.push(record);
      ring.discard();
    }
    const buffer = filled(4096, 0xaa);
    expect(drainOf(ring.map).drain(buffer)).toEqual({ records: 4, full: false });
    expect(recordsIn(buffer, 4)).toEqual(records);
  });

  test("leaves what has no room in the ring, and takes it next", () => {
    const ring = loadRing();
    for (const value of [1, 2, 3]) ring.push(filled(16, value));
    const drain = drainOf(ring.map);
    const buffer = new Uint8Array(2 * 24);
    expect(drain.drain(buffer)).toEqual({ records: 2, full: true });
    expect(recordsIn(buffer, 2)).toEqual([filled(16, 1), filled(16, 2)]);
    expect(drain.drain(buffer)).toEqual({ records: 1, full: false });
    expect(recordsIn(buffer, 1)).toEqual([filled(16, 3)]);
    expect(drain.drain(buffer)).toEqual({ records: 0, full: false });
  });

  test("refuses a buffer in which not one record has room, and keeps the record", () => {
    const ring = loadRing();
    ring.push(filled(16, 5));
    const drain = drainOf(ring.map);
    expect(() => drain.drain(new Uint8Array(23))).toThrow(expect.objectContaining({ code: "ENOBUFS" }));
    expect(drain.drain(new Uint8Array(24))).toEqual({ records: 1, full: false });
  });

  test("gives the room back to the producer", () => {
    const ring = loadRing();
    const drain = drainOf(ring.map);
    const buffer = new Uint8Array(65_536);
    for (let round = 0; round < 20; round++) {
      expect(ring.push(filled(2048, round))).toBe(true);
      expect(drain.drain(buffer)).toEqual({ records: 1, full: false });
    }
  });

  test("that is closed refuses, and closing it twice is allowed", () => {
    const drain = drainOf(loadRing().map);
    drain.close();
    drain.close();
    expect(() => drain.drain(new Uint8Array(64))).toThrow("the drain is closed");
  });

  test.each([
    ["no descriptor", undefined],
    ["an object", {}],
  ])("of %s is a type error", (_, value) => {
    expect(() => new (addon().RecordDrain)(value as Descriptor)).toThrow(TypeError);
  });

  test("of a map that is no ring is refused", () => {
    const hash = addon().createMap(1, 4, 4, 1, 0, "hash");
    onTestFinished(() => hash.close());
    expect(() => new (addon().RecordDrain)(hash)).toThrow();
  });
});

describeWith(requirements.bpf, "a hash", () => {
  test("says how many entries it has", () => {
    const hash = addon().createMap(1, 4, 4, 100, 0, "hash");
    onTestFinished(() => hash.close());
    expect(addon().countEntries(hash)).toBe(0);
    for (let key = 0; key < 57; key++) {
      addon().updateMap(hash, new Uint8Array(Uint32Array.of(key).buffer), new Uint8Array(4), 0);
    }
    expect(addon().countEntries(hash)).toBe(57);
  });
});
