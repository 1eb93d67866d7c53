import { expect, test } from "vitest";
import { PcapBatch } from "../../../src/packets/pcap-batch.ts";

/** Two packets as a pcap file of microseconds has them, with bytes of others around. */
function batch(): PcapBatch {
  const records = Buffer.alloc(3 + 16 + 3 + 16 + 1 + 5, 0xee);
  for (const [index, word] of [7, 999_999, 3, 1500].entries()) records.writeUInt32LE(word, 3 + index * 4);
  records.set([1, 2, 3], 19);
  for (const [index, word] of [0xffff_ffff, 0, 1, 1].entries()) records.writeUInt32LE(word, 22 + index * 4);
  records.set([4], 38);
  return new PcapBatch(records.subarray(3, 39), 2, { interfaceIndex: 9, direction: 1, timeUnit: 1000 });
}

test("packets come with their time in nanoseconds, and with where the batch is from", () => {
  const origin = { interfaceIndex: 9, direction: "out" };
  const packets = Array.from(batch(), (packet) => ({ ...packet, data: [...packet.data] }));
  expect(packets).toEqual([
    { ...origin, timestamp: 7_999_999_000n, originalLength: 1500, data: [1, 2, 3] },
    { ...origin, timestamp: 4_294_967_295_000_000_000n, originalLength: 1, data: [4] },
  ]);
});

test("packed as it is, a batch is not copied", () => {
  const whole = batch();
  const output = new Uint8Array(64);
  const packed = whole.pack(output, "micro");
  expect(packed.buffer).not.toBe(output.buffer);
  expect(packed).toHaveLength(16 + 3 + 16 + 1);
});

test.each([0, 64])(
  "packed with another precision it is copied, also when the memory of %i bytes is too short",
  (size) => {
    const packed = Buffer.from(batch().pack(new Uint8Array(size), "nano"));
    expect(packed).toHaveLength(36);
    expect(packed.readUInt32LE(4)).toBe(999_999_000);
    expect([...packed.subarray(8, 19)]).toEqual([...batch().pack(new Uint8Array(64), "micro").subarray(8, 19)]);
  },
);

test.each([
  [0, 0],
  [1, 19],
  [2, 36],
])("the first %i packets are %i bytes", (count, length) => {
  const first = batch().first(count);
  expect(first.count).toBe(count);
  expect([...first]).toHaveLength(count);
  expect(first.pack(new Uint8Array(64), "micro")).toHaveLength(length);
});
