import { expect, onTestFinished, test } from "vitest";
import { addon } from "../../src/native/addon.ts";
import type { Descriptor } from "../../src/native/descriptor.ts";
import { MapType } from "../../src/native/map.ts";
import { PERCPU_ARRAY } from "../support/counters-map.ts";
import { describeWith, requirements } from "../support/privileges.ts";

/** enum bpf_map_type of include/uapi/linux/bpf.h */
const HASH = 1;
const { ARRAY, RINGBUF } = MapType;

function create(type: number, keySize: number, valueSize: number, entries: number): Descriptor {
  const map = addon().createMap(type, keySize, valueSize, entries, 0, "test_map");
  onTestFinished(() => map.close());
  return map;
}

const key = (value: number) => new Uint8Array(Uint32Array.of(value).buffer);
const words = (...values: bigint[]) => new Uint8Array(BigUint64Array.from(values).buffer);

describeWith(requirements.bpf, "a map", () => {
  test("tells its type, sizes and name", () => {
    expect(addon().describeMap(create(HASH, 4, 16, 3))).toEqual({
      type: HASH,
      keySize: 4,
      valueSize: 16,
      maxEntries: 3,
      name: "test_map",
    });
  });

  test("gives back what was put in, and undefined for what was not", () => {
    const map = create(HASH, 4, 8, 3);
    addon().updateMap(map, key(7), words(0x1122334455667788n), 0);
    expect(addon().lookupMap(map, key(7))).toEqual(words(0x1122334455667788n));
    expect(addon().lookupMap(map, key(8))).toBeUndefined();
  });

  test.each([0, 3, 5])("refuses a key of %i bytes instead of four", (length) => {
    const map = create(HASH, 4, 8, 3);
    const wrong = new RangeError(`the key has ${length} bytes, the map wants 4`);
    expect(() => addon().lookupMap(map, new Uint8Array(length))).toThrow(wrong);
    expect(() => addon().updateMap(map, new Uint8Array(length), words(1n), 0)).toThrow(wrong);
  });

  test.each([0, 7, 9, 16])("refuses a value of %i bytes instead of eight", (length) => {
    const map = create(HASH, 4, 8, 3);
    expect(() => addon().updateMap(map, key(1), new Uint8Array(length), 0)).toThrow(
      new RangeError(`the value has ${length} bytes, the map wants 8`),
    );
  });

  test("reads keys from where a view begins", () => {
    const map = create(HASH, 4, 8, 3);
    const bytes = Uint8Array.of(9, 9, 9, 7, 0, 0, 0, 9, 9);
    addon().updateMap(map, bytes.subarray(3, 7), words(5n), 0);
    expect(addon().lookupMap(map, key(7))).toEqual(words(5n));
  });

  test("of a value for each CPU has all of them in one array, each padded to eight bytes", () => {
    const map = create(PERCPU_ARRAY, 4, 4, 2);
    const cpus = addon().possibleCpus();
    expect(addon().lookupMap(map, key(1))).toHaveLength(8 * cpus);
    const values = words(...Array.from({ length: cpus }, (_, cpu) => BigInt(cpu + 1)));
    addon().updateMap(map, key(1), values, 0);
    expect(addon().lookupMap(map, key(1))).toEqual(values);
    expect(() => addon().updateMap(map, key(1), new Uint8Array(4), 0)).toThrow(RangeError);
  });

  test("takes many entries at once", () => {
    const map = create(HASH, 4, 8, 100);
    const indices = Array.from({ length: 100 }, (_, index) => index);
    const keys = new Uint8Array(Uint32Array.from(indices).buffer);
    addon().updateMapBatch(map, keys, words(...indices.map((index) => BigInt(index) * 3n)), 100);
    expect(addon().lookupMap(map, key(99))).toEqual(words(297n));
    expect(() => addon().updateMapBatch(map, keys, new Uint8Array(799), 100)).toThrow(RangeError);
    expect(() => addon().updateMapBatch(map, keys, new Uint8Array(800), 99)).toThrow(RangeError);
    expect(() => addon().updateMapBatch(map, keys, new Uint8Array(0), 0xffff_ffff)).toThrow(RangeError);
  });

  test("takes many entries at once also with a value for each CPU", () => {
    const map = create(PERCPU_ARRAY, 4, 4, 2);
    const cpus = addon().possibleCpus();
    const first = words(...Array.from({ length: cpus }, () => 1n));
    const second = words(...Array.from({ length: cpus }, () => 2n));
    addon().updateMapBatch(map, Buffer.concat([key(0), key(1)]), Buffer.concat([first, second]), 2);
    expect(addon().lookupMap(map, key(0))).toEqual(first);
    expect(addon().lookupMap(map, key(1))).toEqual(second);
  });

  test("that is full or has no such index says so with the name of the errno", () => {
    const full = create(HASH, 4, 8, 1);
    addon().updateMap(full, key(1), words(1n), 0);
    expect(() => addon().updateMap(full, key(2), words(1n), 0)).toThrow(
      expect.objectContaining({ code: "E2BIG", operation: "update the map test_map" }),
    );
    const array = create(ARRAY, 4, 8, 1);
    expect(addon().lookupMap(array, key(1))).toBeUndefined();
    expect(() => addon().updateMap(array, key(1), words(1n), 0)).toThrow(expect.objectContaining({ code: "E2BIG" }));
  });

  test("of maps takes maps only, and only a map of maps does", () => {
    const ring = create(RINGBUF, 0, 0, 4096);
    const array = create(ARRAY, 4, 8, 1);
    expect(() => addon().updateMapOfMaps(array, key(0), ring)).toThrow(expect.objectContaining({ code: "EINVAL" }));
    expect(() => addon().updateMapOfMaps(array, key(0), {} as Descriptor)).toThrow("expected a Descriptor of a map");
  });

  test("of maps takes several at once, or none of what is no map", () => {
    const hash = create(HASH, 4, 8, 1);
    const table = addon().createMapOfMaps(2, hash, "test_table");
    onTestFinished(() => table.close());
    const put = (outer: Descriptor, inner: unknown, keys: unknown = new Uint8Array(4)) =>
      new (addon().TableFilling)(outer, keys as Uint8Array, inner as Descriptor[]);
    expect(() => put(hash, [hash])).toThrow(expect.objectContaining({ code: "EINVAL" }));
    expect(() => put({} as Descriptor, [hash])).toThrow("expected a Descriptor of a map");
    expect(() => put(table, {})).toThrow("expected an array of Descriptors");
    expect(() => put(table, [{}])).toThrow("expected a Descriptor of a map");
    expect(() => put(table, [hash], new Uint8Array(5))).toThrow("an index of four bytes");
    expect(() => put(table, [hash], {})).toThrow("argument 1");
  });

  test("of maps is filled beside this thread, also where the maps are closed meanwhile", () => {
    const hash = create(HASH, 4, 8, 1);
    const table = addon().createMapOfMaps(3, hash, "test_table");
    onTestFinished(() => table.close());
    const [first, second] = [0, 1].map(() => addon().createMap(HASH, 4, 8, 1, 0, "inner_map")) as [
      Descriptor,
      Descriptor,
    ];
    const filling = new (addon().TableFilling)(table, Buffer.concat([key(0), key(2)]), [first, second]);
    for (const map of [first, second]) map.close();
    filling.wait();
    filling.wait();
    expect([0, 1, 2].map((index) => addon().lookupMap(table, key(index))?.length)).toEqual([4, undefined, 4]);
  });

  test("of maps says when it is waited for that it took no map of another kind", () => {
    const hash = create(HASH, 4, 8, 1);
    const table = addon().createMapOfMaps(1, hash, "test_table");
    onTestFinished(() => table.close());
    const filling = new (addon().TableFilling)(table, key(0), [create(ARRAY, 4, 8, 1)]);
    expect(() => filling.wait()).toThrow(
      expect.objectContaining({ code: "EINVAL", operation: "update the map test_table" }),
    );
    expect(addon().lookupMap(table, key(0))).toBeUndefined();
  });

  test("that cannot be created is named in the error", () => {
    expect(() => addon().createMap(RINGBUF, 0, 0, 1000, 0, "odd_ring")).toThrow(
      expect.objectContaining({ code: "EINVAL", operation: "create the map odd_ring" }),
    );
    expect(() => addon().createMap(4_294_967_295, 4, 4, 1, 0, "no_type")).toThrow(/create the map no_type: E/);
  });

  test("whose descriptor is closed is not asked", () => {
    const map = create(HASH, 4, 8, 1);
    map.close();
    for (const call of [
      () => addon().describeMap(map),
      () => addon().lookupMap(map, key(1)),
      () => addon().updateMap(map, key(1), words(1n), 0),
      () => new (addon().PacketDrain)([map], undefined, false, 1),
    ]) {
      expect(call).toThrow("the descriptor is closed");
    }
  });
});
