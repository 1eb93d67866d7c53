import { expect, test } from "vitest";
import { PacketCounts } from "../../../src/outputs/pcapng-counts.ts";
import { encodePackets } from "../../../src/pcap-writer/index.ts";

/** Blocks of packets of these interfaces. */
function blocksOf(...ids: readonly number[]): Uint8Array {
  const column = () => new Uint32Array(ids.length);
  return encodePackets({
    count: ids.length,
    bytes: new Uint8Array(8),
    offset: column(),
    capturedLength: column().map((_, row) => row % 8),
    originalLength: column().fill(8),
    timestampHigh: column(),
    timestampLow: column(),
    interfaceId: Uint32Array.from(ids),
  });
}

function layOut(counts: PacketCounts, ...ids: readonly number[]): void {
  for (const id of ids) counts.counts[id] = (counts.counts[id] ?? 0) + 1;
  counts.blocks = blocksOf(...ids);
}

test("a file has what was laid out for it", () => {
  const counts = new PacketCounts(2);
  layOut(counts, 0, 1, 0);
  expect([...counts.endFile(3)]).toEqual([2, 1]);
  layOut(counts, 1);
  expect([...counts.endFile(1)]).toEqual([0, 1]);
});

test("the end of what was laid out may go into the files that follow", () => {
  const counts = new PacketCounts(2);
  layOut(counts, 0, 0);
  layOut(counts, 0, 1, 1, 0, 1);
  expect([...counts.endFile(4)]).toEqual([3, 1]);
  expect([...counts.endFile(2)]).toEqual([1, 1]);
  layOut(counts, 0);
  expect([...counts.endFile(2)]).toEqual([1, 1]);
});
