import { describe, expect, it } from "vitest";
import { PcapngBlocks } from "../../../../scripts/lib/capture-samples.mjs";
import { wholeBlocks } from "../../../../src/pcap-writer/index.ts";

describe.each(["little-endian", "big-endian"] as const)("in %s order", (byteOrder) => {
  it("blocks and packets are counted up to the last whole one, wherever the cut is", () => {
    const make = new PcapngBlocks(byteOrder === "little-endian");
    const data = new Uint8Array(5);
    const blocks = [
      make.section(),
      make.interface(),
      make.enhanced(data),
      make.statistics(0, 1n),
      make.simple(data),
      make.obsolete(data),
    ];
    const packets = [0, 0, 0, 1, 1, 2, 3];
    const file = Buffer.concat(blocks);
    const ends = blocks.map((_, index) => Buffer.concat(blocks.slice(0, index + 1)).length);
    for (let limit = 0; limit <= file.length; limit++) {
      const whole = ends.filter((end) => end <= limit).length;
      const expected = { packets: packets[whole], bytes: ends[whole - 1] ?? 0 };
      expect(wholeBlocks(file, limit, byteOrder)).toEqual(expected);
    }
  });
});
