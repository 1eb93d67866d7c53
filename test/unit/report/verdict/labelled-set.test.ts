import { expect, test } from "vitest";
import { DEGRADATIONS, SYNS_ALONE } from "../../../traffic/degrade.ts";
import { judge } from "../../../traffic/judge.ts";
import { KINDS } from "../../../traffic/kinds.ts";
import { faultsOf, type Trial, trialOf } from "../../../traffic/trial.ts";

const SEED = 2026;
/** Packets that a capture keeps, about. */
const SIZE = 600;

/** What is wrong with the verdict on each trial, and what it says. */
async function faults(trials: readonly Trial[]): Promise<string[]> {
  const all: string[] = [];
  for (const trial of trials) {
    const verdict = await judge(trial);
    all.push(...faultsOf(trial, verdict).map((fault) => `${trial.degradation.name}: ${fault}: ${verdict.title}`));
  }
  return all;
}

test.for([...Object.keys(KINDS).entries()])(
  "kind %i of traffic, %s, is called what it is: whole, and with losses, sampled or in one direction",
  async ([index, kind]) => {
    const [whole, ...others] = DEGRADATIONS;
    const degradations = [whole, others[(index + 1) % others.length]].filter((one) => one !== undefined);
    const trials = degradations.map((degradation) => trialOf(kind, SEED, SIZE, degradation));
    expect(trials.every(({ packets }) => packets.length > 100)).toBe(true);
    expect(await faults(trials)).toEqual([]);
  },
);

test.for(["SYN flood, spoofed", "port scan by several", "web server", "flash crowd", "NAT of an office"])(
  "%s is called what it is where a filter kept SYNs alone",
  async (kind) => {
    expect(await faults([trialOf(kind, SEED, 20_000, SYNS_ALONE)])).toEqual([]);
  },
);
