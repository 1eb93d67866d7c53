import { expect, test } from "vitest";
import { defaultBufferSize } from "../../../src/capture/default-buffer-size.ts";

const GIB = 2 ** 30;

test.each([
  ["headers on few CPUs", 128, 2, 24 * GIB, 16],
  ["headers on 16 CPUs", 1023, 16, 64 * GIB, 16],
  ["headers on 64 CPUs", 128, 64, 256 * GIB, 4],
  ["headers on 48 CPUs", 128, 48, 256 * GIB, 4],
  ["headers on more CPUs than the rings together have MiB", 128, 384, 1024 * GIB, 1],
  ["whole packets on few CPUs", 262_144, 2, 24 * GIB, 64],
  ["whole packets of 1500 bytes on 16 CPUs", 1514, 16, 24 * GIB, 16],
  ["headers in little memory", 128, 2, GIB / 4, 8],
  ["whole packets in little memory", 262_144, 1, GIB / 2, 32],
])("rings for %s", (_name, snapshotLength, cpus, memory, expected) => {
  expect(defaultBufferSize(snapshotLength, { cpus, memory })).toBe(expected);
});
