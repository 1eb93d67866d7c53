import { expect, test } from "vitest";
import { checkOptions } from "../../../src/capture/options.ts";
import { mayBeBlocks } from "../../../src/capture/source.ts";
import { ChecksumRepair, PcapFileFormat, PcapngFileFormat } from "../../../src/outputs/index.ts";
import type { SinkNeeds } from "../../../src/pipeline/sink.ts";
import { ethernet, tunnel } from "./targets.ts";

const pcapng = new PcapngFileFormat().needs;
const repairing = new PcapngFileFormat({ checksums: new ChecksumRepair() }).needs;

test.each<[string, boolean, { needs: SinkNeeds; process?: boolean; interfaces?: number }]>([
  ["for a pcapng file of one interface", true, { needs: pcapng }],
  ["for a pcap file", false, { needs: new PcapFileFormat("nano").needs }],
  ["for times in microseconds", false, { needs: new PcapngFileFormat({ precision: "micro" }).needs }],
  ["where checksums are completed", false, { needs: repairing }],
  ["with processes", false, { needs: pcapng, process: true }],
  ["of several interfaces", false, { needs: pcapng, interfaces: 2 }],
])("the program lays out blocks %s: %s", (_, expected, { needs, process = false, interfaces = 1 }) => {
  const settings = checkOptions({ process, ...(process ? { hook: "tc" } : {}) }, needs);
  const targets = [ethernet, tunnel].slice(0, interfaces);
  expect(mayBeBlocks(settings, targets)).toBe(expected);
});
