/** Times of packets in pcapng files, in every unit. */
import { describe, expect, it } from "vitest";
import { PcapngBlocks } from "../../../scripts/lib/capture-samples.mjs";
import { readBytes } from "./read-capture.ts";

const make = new PcapngBlocks();
const DATA = Uint8Array.from({ length: 61 }, (_, index) => index);

describe("the time of a packet", () => {
  /** [if_tsresol, if_tsoffset, units, seconds, nanoseconds] */
  it.each([
    [undefined, 0n, 1_700_000_000_123_456n, 1_700_000_000, 123_456_000],
    [6, 100n, 1_700_000_000_123_456n, 1_700_000_100, 123_456_000],
    [9, 0n, 1_700_000_000_123_456_789n, 1_700_000_000, 123_456_789],
    [9, 0n, 0xffff_ffff_ffff_ffffn, 18_446_744_073, 709_551_615],
    [9, -5n, 1n, -5, 1],
    [6, -100n, 1_000_002n, -99, 2000],
    [0, 0n, 12n, 12, 0],
    [7, 0n, 123_456_789n, 12, 345_678_900],
    [12, 0n, 1_700_000_999_999_999_999n, 1_700_000, 999_999_999],
    [19, 0n, 2n ** 62n, 0, 461_168_601],
    [0x80, 0n, 12n, 12, 0],
    [0x80 | 3, 0n, 13n, 1, 625_000_000],
    [0x80 | 20, 7n, 3n * 2n ** 20n + 2n ** 19n, 10, 500_000_000],
    [0x80 | 63, 0n, 2n ** 62n, 0, 500_000_000],
  ])("with if_tsresol %s and if_tsoffset %s of %s is exact", (resolution, offset, stamp, seconds, nanoseconds) => {
    const options = resolution === undefined ? [] : [make.option(9, make.u8(resolution))];
    if (offset !== 0n) options.push(make.option(14, make.u64(offset)));
    const file = Buffer.concat([make.section(), make.interface({ options }), make.enhanced(DATA, { stamp })]);
    const { packets, error } = readBytes(file);
    expect(error).toBeUndefined();
    expect(packets[0]).toMatchObject({ seconds, nanoseconds });
    expect(packets[0]?.timestamp).toBe(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds));
    const units =
      resolution === undefined
        ? 10n ** 6n
        : resolution < 0x80
          ? 10n ** BigInt(resolution)
          : 1n << BigInt(resolution & 0x7f);
    expect(packets[0]?.timestamp).toBe((stamp * 1_000_000_000n) / units + offset * 1_000_000_000n);
  });

  it.each([20, 63, 127, 0xc0, 0xff])("with an if_tsresol of %d is refused", (resolution) => {
    const file = Buffer.concat([make.section(), make.interface({ options: [make.option(9, make.u8(resolution))] })]);
    expect(readBytes(file).error).toMatchObject({ reason: "corrupt", message: expect.stringContaining("if_tsresol") });
  });

  it("further than a number can hold is refused", () => {
    const options = [make.option(9, make.u8(0))];
    const file = Buffer.concat([
      make.section(),
      make.interface({ options }),
      make.enhanced(DATA, { stamp: 2n ** 63n }),
    ]);
    expect(readBytes(file).error).toMatchObject({ reason: "unsupported" });
  });
});
