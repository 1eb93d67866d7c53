import { expect, it } from "vitest";
import { everyVariant } from "../../../scripts/lib/capture-samples.mjs";
import { fixtureSamples, fuzz } from "../../../scripts/lib/parser-fuzz.mjs";
import { sampleFrames } from "../../../scripts/lib/sample-frames.mjs";
import * as parser from "../../../src/pcap-parser/index.ts";

it("mutated captures are read or refused: no other error, no hang, no memory beyond the bound", () => {
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const { whole, refused } = fuzz(parser, {
    samples: [...everyVariant(sampleFrames()), ...fixtureSamples(1 << 14)],
    seed: 20_240,
    count: 20_000,
    every: () => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    },
  });
  // Both kinds of ends are reached often, else the mutations are too mild or too wild to say anything.
  expect(whole).toBeGreaterThan(2000);
  expect(refused).toBeGreaterThan(2000);
  expect(most).toBeLessThan(256 << 20);
});
