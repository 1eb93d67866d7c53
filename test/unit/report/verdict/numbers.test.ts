import { expect, test } from "vitest";
import { WHOLE } from "../../../traffic/degrade.ts";
import { reportOn } from "../../../traffic/judge.ts";
import { trialOf } from "../../../traffic/trial.ts";

/** The number behind words in a sentence. */
function numberIn(sentences: readonly string[], words: RegExp): number {
  const found = sentences.map((sentence) => words.exec(sentence)?.[1]).find((text) => text !== undefined);
  return Number(found?.replaceAll(",", "") ?? Number.NaN);
}

test.for([600, 12_000])("a verdict on %i packets has no number that contradicts the others", async (size) => {
  const trial = trialOf("SYN flood, spoofed", 3, size, WHOLE);
  const { verdict, spoofing, packets, rates } = await reportOn(trial);
  const { value } = spoofing.uniqueSources;
  expect(value).toBeGreaterThan(size / 2);
  const told = Number(value.toPrecision(2));
  expect(numberIn(verdict.reasons, /from about ([\d,]+) addresses/)).toBe(told);
  expect(numberIn(verdict.spoofed.reasons, /of about ([\d,]+) addresses sent a second/)).toBe(told);
  expect(value).toBeLessThanOrEqual(spoofing.packets);
  for (const ttl of spoofing.ttls) expect(ttl.sources.value).toBeLessThanOrEqual(Math.min(value, ttl.packets));
  // The peak is that of a second, whatever the intervals of the rates are.
  expect(rates.intervalSeconds).toBeLessThan(1);
  const bySecond = new Map<number, number>();
  for (const { at } of trial.packets) bySecond.set(Math.floor(at), (bySecond.get(Math.floor(at)) ?? 0) + 1);
  const peak = verdict.peak?.packetsPerSecond ?? 0;
  expect(peak).toBeLessThanOrEqual(Math.max(...bySecond.values()));
  expect(peak).toBeLessThanOrEqual(packets.byClass.syn.packets);
  expect(peak).toBeGreaterThan(Math.max(...bySecond.values()) / 2);
});
