/** Rings, buffers and arguments from which a drain takes nothing. */
import { expect, onTestFinished, test } from "vitest";
import { PACKET_RING } from "../../src/generated/layouts.ts";
import { addon } from "../../src/native/addon.ts";
import type { Descriptor } from "../../src/native/descriptor.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { bytes, drainOf, NOTHING_LEFT, protocolError, take } from "./drained.ts";
import { RingProducer, wakeupRing } from "./ring-producer.ts";

describeWith(requirements.bpf, "a drain", () => {
  test.each([9, 262_144, 0xffff_fff0])("refuses a packet that says it holds %i bytes where it holds 8", (length) => {
    const [ring, other] = [new RingProducer(), new RingProducer()];
    ring.push({ data: bytes(8), capturedLength: length });
    other.push({ data: bytes(8) });
    expect(() => drainOf([ring, other]).takeRecords(new Uint8Array(64))).toThrow(protocolError);
    expect(() => drainOf([ring]).drain(new Uint8Array(64))).toThrow(protocolError);
  });

  test("refuses positions that lead out of the ring", () => {
    const ring = new RingProducer();
    const drain = drainOf([ring]);
    ring.change((value) => value.writeBigUInt64LE(1n << 20n, PACKET_RING.published));
    expect(() => drain.takeRecords(new Uint8Array(64))).toThrow(protocolError);
    expect(() => drain.drain(new Uint8Array(64))).toThrow(protocolError);
  });

  test("refuses an end of a lap that leads out of the ring", () => {
    const ring = new RingProducer(4096);
    while (ring.push({ data: bytes(100) }));
    const drain = drainOf([ring]);
    for (let i = 0; i < 2; i++) take(drain);
    while (ring.push({ data: bytes(100) }));
    ring.change((value) => value.writeBigUInt64LE(1n << 30n, PACKET_RING.lapEnd));
    expect(() => {
      for (let i = 0; i < 5; i++) take(drain);
    }).toThrow(protocolError);
  });

  test("does not take a map that is no ring, and names it", () => {
    const hash = addon().createMap(1, 4, 4, 1, 0, "test_hash");
    onTestFinished(() => hash.close());
    const { PacketDrain } = addon();
    expect(() => new PacketDrain([new RingProducer().map, hash], wakeupRing(), false, 1)).toThrow(
      expect.objectContaining({ code: "EINVAL", operation: "read the map test_hash, which is no packet ring" }),
    );
    expect(() => new PacketDrain([], hash, false, 1)).toThrow(
      expect.objectContaining({ code: "EINVAL", operation: "read the map test_hash, which is no ring buffer" }),
    );
  });

  test("does not give records in a row where they end with their origin", () => {
    const drain = drainOf([new RingProducer()], { withOrigin: true });
    expect(() => drain.takeRecords(new Uint8Array(64))).toThrow("the records are not in a row");
  });

  test("refuses a buffer that is not aligned", () => {
    expect(() => drainOf([]).drain(new Uint8Array(64).subarray(1))).toThrow(
      new RangeError("the buffer is not aligned"),
    );
  });

  test("takes a detached buffer as one without room", () => {
    const buffer = new Uint8Array(64);
    structuredClone(buffer.buffer, { transfer: [buffer.buffer] });
    expect(drainOf([]).drain(buffer)).toEqual({ bytes: 0, records: 0, ...NOTHING_LEFT });
  });

  test("that is closed says so", () => {
    const drain = drainOf([new RingProducer()]);
    drain.close();
    drain.close();
    expect(() => drain.drain(new Uint8Array(64))).toThrow("the drain is closed");
    expect(() => drain.takeRecords(new Uint8Array(64))).toThrow("the drain is closed");
    expect(() => drain.skip()).toThrow("the drain is closed");
    expect(() => drain.setEpochOffset(0n)).toThrow("the drain is closed");
    expect(drain.buffers()).toEqual([]);
  });
});

test("a drain wants an array of descriptors", () => {
  const { PacketDrain } = addon();
  const wakeups = {} as Descriptor;
  for (const maps of [undefined, null, {}, new Set(), "", 1, new Uint8Array(4)]) {
    expect(() => new PacketDrain(maps as unknown as Descriptor[], wakeups, false, 1)).toThrow(
      "expected an array of Descriptors",
    );
  }
  for (const maps of [[undefined], [{}], new Array(4_294_967_295)]) {
    expect(() => new PacketDrain(maps, wakeups, false, 1)).toThrow("expected a Descriptor of a map");
  }
});

test("an exception of an array that computes its items is passed on", () => {
  const array: Descriptor[] = [];
  Object.defineProperty(array, 0, {
    get() {
      throw new Error("thrown by the array");
    },
  });
  expect(() => new (addon().PacketDrain)(array, {} as Descriptor, false, 1)).toThrow("thrown by the array");
  expect(() => new (addon().Readiness)(array, () => {})).toThrow("thrown by the array");
});
