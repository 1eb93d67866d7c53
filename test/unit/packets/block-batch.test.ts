import { expect, test } from "vitest";
import { BlockBatch } from "../../../src/packets/block-batch.ts";
import { PcapngWriter } from "../../../src/pcap-writer/index.ts";

const interfaces = { words: Uint32Array.of(9, 0, 1), counts: new Uint32Array(1) };
const asTheyAre = { unit: 1, repair: false } as const;

/** Two packets as a pcapng file has them, with bytes of others around. */
function batch(): BlockBatch {
  const parts: Uint8Array[] = [];
  const writer = new PcapngWriter({}, (bytes) => parts.push(bytes.slice()));
  const interfaceId = writer.addInterface({ linkType: 1 });
  writer.flush();
  parts.length = 0;
  const first = { timestampNanoseconds: 1_700_000_000_999_999_999n, originalLength: 1500, direction: "out" } as const;
  writer.write({ interfaceId, ...first, data: Uint8Array.of(1, 2, 3), dropCount: 5 });
  writer.write({ interfaceId, timestampNanoseconds: 2n ** 64n - 1n, data: Uint8Array.of(), direction: "in" });
  writer.flush();
  const blocks = Buffer.concat([Buffer.alloc(3, 0xee), ...parts, Buffer.alloc(5, 0xee)]);
  return new BlockBatch(blocks.subarray(3, -5), 2, 9);
}

test("packets come with their time, their direction and the interface of the batch", () => {
  const packets = Array.from(batch(), (packet) => ({ ...packet, data: [...packet.data] }));
  const [first, second] = [1_700_000_000_999_999_999n, 2n ** 64n - 1n];
  expect(packets).toEqual([
    { interfaceIndex: 9, direction: "out", timestamp: first, originalLength: 1500, data: [1, 2, 3] },
    { interfaceIndex: 9, direction: "in", timestamp: second, originalLength: 0, data: [] },
  ]);
});

test("blocks are not copied, and are counted for the one interface", () => {
  const whole = batch();
  const output = new Uint8Array(256);
  const { blocks, ...repaired } = whole.packBlocks(output, interfaces, asTheyAre);
  expect(blocks.buffer).not.toBe(output.buffer);
  expect(blocks).toHaveLength(28 + 4 + 8 + 12 + 8 + 28 + 8 + 8);
  expect(repaired).toEqual({ completed: 0, cut: 0 });
  expect([...interfaces.counts]).toEqual([2]);
});

test("no other unit of time and no other bytes can be had of it", () => {
  expect(() => batch().packBlocks(new Uint8Array(0), interfaces, { unit: 1000, repair: false })).toThrow("as they are");
  expect(() => batch().packBlocks(new Uint8Array(0), interfaces, { unit: 1, repair: true })).toThrow("as they are");
  expect(() => batch().pack()).toThrow("no records");
});

test.each([
  [0, 0],
  [1, 28 + 4 + 8 + 12 + 8],
  [2, 28 + 4 + 8 + 12 + 8 + 28 + 8 + 8],
])("the first %i packets are %i bytes", (count, length) => {
  const first = batch().first(count);
  expect(first.count).toBe(count);
  expect([...first]).toHaveLength(count);
  expect(first.packBlocks(new Uint8Array(0), interfaces, asTheyAre).blocks).toHaveLength(length);
});
