import { expect, test } from "vitest";
import { laneRingSize } from "../../../src/capture/pcap-lanes.ts";

const MEBIBYTE = 2 ** 20;

test.each([
  ["one packet socket has all", 32, 1, 32],
  ["two have half each", 32, 2, 16],
  ["shares are of whole blocks of 256 KiB", 32, 3, 10.5],
  ["what comes in and goes out on 64 interfaces takes 1 MiB each", 32, 128, 1],
  ["no ring is larger than one of a CPU may be", 4096, 1, 256],
])("%s", (_case, total, lanes, mebibytes) => {
  expect(laneRingSize(total * MEBIBYTE, lanes)).toBe(mebibytes * MEBIBYTE);
});
