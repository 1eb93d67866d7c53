import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { PcapngBlocks, pcapFile } from "../../../scripts/lib/capture-samples.mjs";
import { RingcapError } from "../../../src/errors.ts";
import { AlignedBatch } from "../../../src/packets/aligned-batch.ts";
import { inputSource, ReplayInput } from "../../../src/replay/input.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const open = (path: string) => ReplayInput.open(inputSource(path));

function fileOf(bytes: Uint8Array): string {
  const path = join(temporaryDirectory(), "capture");
  writeFileSync(path, bytes);
  return path;
}

/** "time original-length bytes" of each packet, and what ended them. */
async function readAll(input: ReplayInput): Promise<{ packets: string[]; error: unknown }> {
  const packets: string[] = [];
  try {
    for await (const { bytes, words, count } of input.batches()) {
      for (const { timestamp, originalLength, data } of new AlignedBatch(bytes, words, count)) {
        packets.push(`${timestamp} ${originalLength} ${Buffer.from(data).toString("hex")}`);
      }
    }
  } catch (error) {
    return { packets, error };
  }
  return { packets, error: undefined };
}

async function traits(path: string): Promise<ReplayInput> {
  const input = await open(path);
  await input.close();
  return input;
}

const make = new PcapngBlocks();
const frame = Buffer.from("00112233445566", "hex");
const MICRO = 6;
const NANO = 9;
const described = (linkType: number, resolution: number, name = "eth0") =>
  make.interface({ linkType, options: [make.option(2, name), make.option(9, make.u8(resolution))] });
const packet = (id: number, stamp = 1_000_001n) => make.enhanced(frame, { id, stamp });
const pcapng = (...blocks: readonly Uint8Array[]) => fileOf(Buffer.concat([make.section(), ...blocks]));

it("packets of all lengths lie in the batches byte by byte, over several batches", async () => {
  const lengths = [0, 1, 2, 3, 4, 7, 8, 60, 61, 255, 256, 257, 1514, 65_535, 262_144];
  const records = Array.from({ length: 120 }, (_, index) => {
    const length = lengths[index % lengths.length] ?? 0;
    return { seconds: index, fraction: index, data: Uint8Array.from({ length }, (_, at) => at * 7 + index) };
  });
  const path = fileOf(pcapFile({ snapshotLength: 262_144 }, records));
  const input = await open(path);
  const { packets, error } = await readAll(input);
  expect(error).toBeUndefined();
  expect(packets).toEqual(
    records.map(({ seconds, fraction, data }) => {
      const hex = Buffer.from(data).toString("hex");
      return `${BigInt(seconds) * 1_000_000_000n + BigInt(fraction) * 1000n} ${data.length} ${hex}`;
    }),
  );
  expect(input.position).toBe(input.size);
});

it("the position in a compressed file counts compressed bytes", async () => {
  const records = Array.from({ length: 5000 }, () => ({ data: new Uint8Array(1000) }));
  const compressed = gzipSync(pcapFile({}, records));
  const input = await open(fileOf(compressed));
  expect((await readAll(input)).packets).toHaveLength(5000);
  expect([input.position, input.size]).toEqual([compressed.length, compressed.length]);
});

describe("the interfaces of a pcapng file", () => {
  it("may be several of one link type, also in several sections", async () => {
    const first = [described(101, MICRO), described(101, MICRO), packet(0), packet(1)];
    const input = await open(pcapng(...first, make.section(), described(101, MICRO), packet(0)));
    expect(input.linkType).toBe(101);
    expect((await readAll(input)).packets).toEqual(Array(3).fill(`1000001000 7 ${frame.toString("hex")}`));
  });

  it("may be of another link type than the packets if they have none", async () => {
    const input = await open(pcapng(described(105, MICRO), described(1, MICRO), packet(1), packet(1)));
    expect(input.linkType).toBe(1);
    expect(await readAll(input)).toMatchObject({ packets: { length: 2 }, error: undefined });
    expect((await traits(pcapng(described(105, MICRO)))).linkType).toBe(105);
  });

  it("of two link types end the replay at the first packet of the second, which is named", async () => {
    const blocks = [described(1, MICRO), described(105, MICRO, "wlan\u001b0"), packet(0), packet(0), packet(1)];
    const path = pcapng(...blocks, packet(0));
    const { packets, error } = await readAll(await open(path));
    expect(packets).toHaveLength(2);
    expect(error).toBeInstanceOf(RingcapError);
    expect(error).toMatchObject({ code: "INPUT", message: expect.stringContaining("packet 3 is of interface 1") });
    expect(String(error)).toContain("of link-type IEEE802_11 (802.11), those before it of link-type EN10MB (Ethernet)");
    expect(String(error)).not.toContain("\u001b");
  });

  it("give nanoseconds if one that is described before the packets has finer units than microseconds", async () => {
    const precision = async (...blocks: readonly Uint8Array[]) => (await traits(pcapng(...blocks))).precision;
    expect(await precision(described(1, MICRO), packet(0))).toBe("micro");
    expect(await precision(make.interface(), packet(0))).toBe("micro");
    expect(await precision(described(1, 3), packet(0))).toBe("micro");
    expect(await precision(described(1, NANO), packet(0))).toBe("nano");
    expect(await precision(described(1, 0x80 | 20), packet(0))).toBe("nano");
    expect(await precision(described(1, MICRO), described(1, NANO), packet(0))).toBe("nano");
    expect(await precision(described(1, MICRO), packet(0), described(1, NANO))).toBe("micro");
  });
});

it("a time that pcap cannot hold ends the replay after the packets before it", async () => {
  const path = pcapng(described(1, MICRO), packet(0), packet(0, 1_000_000n << 32n), packet(0));
  const { packets, error } = await readAll(await open(path));
  expect(packets).toHaveLength(1);
  expect(error).toMatchObject({ code: "INPUT", message: expect.stringContaining("packet 2 has a time 4294967296 s") });
});

it("a file cut off gives its whole packets, then the offset of the fault", async () => {
  const whole = pcapFile({}, [{ data: frame }, { data: frame }]);
  const { packets, error } = await readAll(await open(fileOf(whole.subarray(0, -1))));
  expect(packets).toHaveLength(1);
  expect(error).toMatchObject({ code: "INPUT", reason: "truncated", offset: 24 + 16 + frame.length });
});

it("reading that was told to stop, or that is closed, ends", async () => {
  const input = await open(fileOf(pcapFile({}, [{ data: frame }])));
  input.stop();
  expect((await readAll(input)).packets).toEqual([]);
  const other = await open(fileOf(pcapFile({}, [{ data: frame }])));
  await other.close();
  expect((await readAll(other)).packets).toEqual([]);
});
