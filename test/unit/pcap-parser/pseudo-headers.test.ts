import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type FixturePacket, pcap, pcapng } from "../../../scripts/fixtures/formats.ts";
import { hostOrderPackets } from "../../../scripts/fixtures/pseudo-headers.ts";
import { PcapParser } from "../../../src/pcap-parser/index.ts";
import { runOrFail } from "../../support/run.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { readWithTcpdump } from "./judges.ts";
import { readBytes } from "./read-capture.ts";

const timestamp = 1_704_067_200_000_000_000n;

/** Each packet cut at every length, with an original length as it was, and once with one that is less than is there. */
function everyCut(packets: readonly Uint8Array[]): FixturePacket[] {
  return packets.flatMap((data) => {
    const cuts = Array.from({ length: data.length + 1 }, (_, length) => ({
      data: data.subarray(0, length),
      originalLength: data.length,
      timestamp,
    }));
    const shorter = cuts.map(({ originalLength, ...cut }, length) => ({ ...cut, data, originalLength: length }));
    return [...cuts, ...shorter];
  });
}

function readingOf(bytes: Uint8Array): string[] {
  const packets = [...new PcapParser(bytes).packets()];
  return packets.map(
    ({ originalLength, data }) => `${timestamp} ${originalLength} ${Buffer.from(data).toString("hex")}`,
  );
}

describe.each(hostOrderPackets())("link type $linkType ($name) of a big-endian host", ({ linkType, packets }) => {
  it.each([
    ["pcap", pcap],
    ["pcapng", pcapng],
  ])("gives the bytes that tcpdump writes, from %s, whatever is cut off", (_, file) => {
    const path = join(temporaryDirectory(), "big-endian");
    const bytes = file(everyCut(packets), { linkType, bigEndian: true });
    writeFileSync(path, bytes);
    const reading = readingOf(bytes);
    expect(reading.length).toBeGreaterThan(100);
    expect(reading).toEqual(readWithTcpdump(path));
  });

  it("leaves the caller's bytes alone, and does not mind how they are pushed", () => {
    for (const file of [pcap, pcapng]) {
      const bytes = file(everyCut(packets), { linkType, bigEndian: true });
      const before = Buffer.from(bytes);
      const whole = readingOf(bytes);
      expect(before.equals(bytes)).toBe(true);
      for (const piece of [1, 7, 61, 1000]) {
        const { packets: read } = readBytes(bytes, piece);
        const hex = read.map(
          ({ originalLength, data }) => `${timestamp} ${originalLength} ${Buffer.from(data).toString("hex")}`,
        );
        expect(hex).toEqual(whole);
      }
    }
  });

  it("is left as it is in a little-endian file", () => {
    for (const file of [pcap, pcapng]) {
      const cuts = everyCut(packets);
      const expected = cuts.map(
        ({ data, originalLength }) => `${timestamp} ${originalLength} ${Buffer.from(data).toString("hex")}`,
      );
      expect(readingOf(file(cuts, { linkType }))).toEqual(expected);
    }
  });
});

/** Rewrites a fixture with the parser, as `ringcap replay -w` does, and asks tshark what is in it. */
async function tsharkFields(name: string, fields: readonly string[]): Promise<string[]> {
  const { linkType, packets } = hostOrderPackets().find((each) => each.name === name) ?? { linkType: 0, packets: [] };
  const bytes = pcap(
    packets.map((data) => ({ data, timestamp })),
    { linkType, bigEndian: true },
  );
  const read = [...new PcapParser(bytes).packets()].map(({ data }) => ({ data, timestamp }));
  const path = join(temporaryDirectory(), "little-endian.pcap");
  writeFileSync(path, pcap(read, { linkType }));
  const words = fields.flatMap((field) => ["-e", field]);
  const { stdout } = await runOrFail("tshark", ["-n", "-r", path, "-T", "fields", ...words]);
  return stdout.trimEnd().split("\n");
}

describe("tshark finds in what was read", () => {
  it("the bus and the descriptors of USB", async () => {
    const fields = await tsharkFields("usb-mmapped", ["usb.bus_id", "usb.urb_len", "usb.iso.iso_len"]);
    expect(fields.slice(0, 2)).toEqual(["2\t512\t", "258\t512\t192,192"]);
  });

  it("the addresses behind NFLOG", async () => {
    expect((await tsharkFields("nflog", ["ip.src", "nflog.prefix"]))[0]).toBe("192.0.2.1\tring");
  });

  it("the identifiers of CAN", async () => {
    const identifiers = await tsharkFields("can", ["can.id"]);
    expect(identifiers.slice(0, 2).map(Number)).toEqual([0x123, 0x0123_4567]);
  });

  it("the user and the process of PFLOG", async () => {
    expect((await tsharkFields("pflog", ["pflog.uid", "pflog.pid"]))[0]).toBe("1000\t4321");
  });
});
