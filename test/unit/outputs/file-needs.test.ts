/** What the formats of capture files say they need, by the options that change it. */
import { expect, test } from "vitest";
import { ChecksumRepair } from "../../../src/outputs/checksum-repair.ts";
import { PcapFileFormat } from "../../../src/outputs/pcap-format.ts";
import { PcapngFileFormat } from "../../../src/outputs/pcapng-format.ts";

test("a format that completes checksums says so, and others do not", () => {
  const checksums = new ChecksumRepair();
  expect(new PcapFileFormat("micro", checksums).needs.completesChecksums).toBe(true);
  expect(new PcapngFileFormat({ checksums }).needs.completesChecksums).toBe(true);
  expect(new PcapFileFormat("micro").needs.completesChecksums).toBeUndefined();
  expect(new PcapngFileFormat().needs.completesChecksums).toBeUndefined();
});

test("pcapng takes blocks of the ring as they lie there, unless it changes a time or a checksum in them", () => {
  expect(new PcapngFileFormat().needs.packetBlocks).toBe(true);
  expect(new PcapngFileFormat({ precision: "micro" }).needs.packetBlocks).toBeUndefined();
  expect(new PcapngFileFormat({ checksums: new ChecksumRepair() }).needs.packetBlocks).toBeUndefined();
});
