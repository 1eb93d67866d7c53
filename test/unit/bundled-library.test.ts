/** What package.json exports is built into a few files, which share their classes. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../support/temporary.ts";

const SCRIPT = `
  import { RingcapError } from "ringcap";
  import { openCapture } from "ringcap/pcap-parser";
  import { PcapWriter } from "ringcap/pcap-writer";
  const directory = process.argv[1];
  const errors = [await openCapture(directory + "/missing.pcap").catch((error) => error)];
  try {
    PcapWriter.create(directory, { linkType: 1 });
  } catch (error) {
    errors.push(error);
  }
  console.log(errors.map((error) => error.name + (error instanceof RingcapError)).join(" "));
`;

test("errors of the reader and of the writer are of the class that the library exports", () => {
  const words = ["--input-type=module", "--eval", SCRIPT, temporaryDirectory()];
  expect(execFileSync(process.execPath, words, { encoding: "utf8" })).toBe("RingcapErrortrue RingcapErrortrue\n");
});
