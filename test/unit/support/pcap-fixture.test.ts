import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ethernet, ipv4, tcp } from "../../support/frames.ts";
import {
  capinfos,
  type FixturePacket,
  readableByAll,
  readPcapWithEditcap,
  writePcap,
} from "../../support/pcap-fixture.ts";
import { describeWith, requirements } from "../../support/privileges.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const frame = ethernet({ payload: ipv4({ payload: tcp() }) });
const packets = [
  { data: frame, timestamp: 1_700_000_000_000_001_000n },
  { data: frame.slice(0, 30), timestamp: 1_700_000_001_999_999_000n, originalLength: 1514 },
  { data: new Uint8Array(0), timestamp: 1_700_000_002_000_000_000n, originalLength: 60 },
  { data: frame, timestamp: 2_000_000_000_000_000_000n },
];

function fixture(written: readonly FixturePacket[] = packets): string {
  const path = join(temporaryDirectory(), "fixture.pcap");
  writePcap(path, written);
  return path;
}

describeWith(requirements.tools("editcap", "tshark", "capinfos", "tcpdump"), "capture files for tests", () => {
  test("come back from editcap with their bytes, times and lengths, cut and empty packets included", async () => {
    // Seconds are unsigned in the format; capinfos 4.0 takes them for signed, so only this test goes beyond 2038.
    const written = [...packets, { data: frame, timestamp: 4_000_000_000_000_000_000n }];
    const read = await readPcapWithEditcap(fixture(written));
    const expected = written.map(({ data, timestamp, originalLength }, index) => ({
      number: index + 1,
      timestampNanoseconds: timestamp,
      capturedLength: data.length,
      originalLength: originalLength ?? data.length,
      data,
      hex: Buffer.from(data).toString("hex"),
    }));
    expect(read).toEqual(expected);
  });

  test("have in capinfos the type, sizes and times that were written", async () => {
    expect(await capinfos(fixture())).toEqual({
      fileType: "pcap",
      encapsulation: "ether",
      timestampDigits: 6,
      snapshotLength: 262_144,
      packets: 4,
      fileSize: 24 + 4 * 16 + 54 + 30 + 54,
      dataSize: 54 + 1514 + 60 + 54,
      firstPacketNanoseconds: 1_700_000_000_000_001_000n,
      lastPacketNanoseconds: 2_000_000_000_000_000_000n,
      strictTimeOrder: true,
    });
  });

  test("have no first packet time in capinfos when they are empty", async () => {
    const path = join(temporaryDirectory(), "empty.pcap");
    writePcap(path, [], 101);
    const information = await capinfos(path);
    expect(information).toMatchObject({ packets: 0, firstPacketNanoseconds: undefined, encapsulation: "rawip" });
    expect(await readPcapWithEditcap(path)).toEqual([]);
  });

  test("are read by all tools without complaint", async () => {
    expect(await readableByAll(fixture())).toEqual([]);
  });

  test("raise the complaints of all tools when the last packet is cut off", async () => {
    const path = join(temporaryDirectory(), "cut.pcap");
    writeFileSync(path, readFileSync(fixture()).subarray(0, -1));
    const complaints = (await readableByAll(path)).join("\n");
    for (const tool of ["capinfos", "tshark", "tcpdump"]) {
      expect(complaints).toContain(`${tool}: `);
    }
    await expect(readPcapWithEditcap(path)).rejects.toThrow(/cut short/);
  });

  test("cannot be given a time that microseconds do not hold", () => {
    expect(() => writePcap("unused.pcap", [{ data: frame, timestamp: 1n }])).toThrow(/microseconds/);
  });
});
