/** Runs many trials of the labelled set, and writes how often the verdict was right as tables in Markdown. */
import { DEGRADATIONS, type Degradation, SYNS_ALONE } from "./degrade.ts";
import { judge } from "./judge.ts";
import { FLOODS, KINDS, QUIET, SCANS } from "./kinds.ts";
import { faultsOf, timesOff, trialOf } from "./trial.ts";

/** The first seed of the trials that are reported. The rules were made with seeds below it. */
const FIRST_SEED = 200_000;

interface Plan {
  readonly size: number;
  readonly seeds: number;
  readonly degradations: readonly Degradation[];
}

interface Tally {
  trials: number;
  /** Trials whose kind was right, and those in which all was right. */
  kind: number;
  all: number;
  readonly mistakes: Map<string, number>;
}

const WIDE = DEGRADATIONS.filter(({ factor }) => factor <= 2);

/** Sampling needs 64 times as many packets as it keeps, which limits its sizes. */
export const PLANS: readonly Plan[] = [
  { size: 200, seeds: 4, degradations: DEGRADATIONS },
  { size: 2000, seeds: 2, degradations: DEGRADATIONS },
  { size: 20_000, seeds: 1, degradations: WIDE },
];
/** The largest captures are of a few kinds. */
const MILLION = ["SYN flood, spoofed", "UDP flood, botnet", "DNS reflection", "web server", "NAT of an office"];
/** Kinds of which the SYNs alone say enough. */
const BY_SYNS = [
  "SYN flood, spoofed",
  "SYN flood, all ports",
  "port scan by several",
  "web server",
  "flash crowd",
  "NAT of an office",
];

const empty = (): Tally => ({ trials: 0, kind: 0, all: 0, mistakes: new Map() });

export async function confusion(onKind: (kind: string) => void): Promise<string> {
  const byKind = new Map<string, Tally>();
  const byCapture = new Map<string, Tally>();
  const off: { begin: number; end: number }[] = [];
  const run = async (kind: string, seed: number, size: number, degradation: Degradation) => {
    const trial = trialOf(kind, seed, size, degradation);
    const verdict = await judge(trial);
    const faults = faultsOf(trial, verdict);
    const name = `${size.toLocaleString("en")} | ${degradation.name}`;
    for (const [tallies, key] of [
      [byKind, kind],
      [byCapture, name],
    ] as const) {
      const tally = tallies.get(key) ?? empty();
      tallies.set(key, tally);
      tally.trials++;
      if (verdict.kind === trial.label.kind) tally.kind++;
      else tally.mistakes.set(verdict.kind, (tally.mistakes.get(verdict.kind) ?? 0) + 1);
      if (faults.length === 0) tally.all++;
    }
    if (verdict.kind === trial.label.kind && verdict.kind !== "none") off.push(timesOff(trial, verdict));
  };
  let seed = FIRST_SEED;
  for (const kind of Object.keys(KINDS)) {
    onKind(kind);
    for (const { size, seeds, degradations } of PLANS) {
      for (let index = 0; index < seeds; index++) {
        for (const degradation of degradations) await run(kind, seed++, size, degradation);
      }
    }
    const [whole] = DEGRADATIONS;
    if (MILLION.includes(kind) && whole !== undefined) await run(kind, seed++, 1_000_000, whole);
    for (let index = 0; BY_SYNS.includes(kind) && index < 8; index++) await run(kind, seed++, 20_000, SYNS_ALONE);
  }
  return [table(byKind), captures(byCapture), times(off)].join("\n\n");
}

function table(byKind: ReadonlyMap<string, Tally>): string {
  const group = (title: string, kinds: readonly string[]) => [
    `| **${title}** | | | | |`,
    ...kinds.map((kind) => row(kind, byKind.get(kind) ?? empty())),
  ];
  return [
    "| Traffic | trials | kind right | all right | was taken for |",
    "|---|--:|--:|--:|---|",
    ...group("Floods", Object.keys(FLOODS)),
    ...group("Scans", Object.keys(SCANS)),
    ...group("Ordinary", Object.keys(QUIET)),
  ].join("\n");
}

function row(name: string, { trials, kind, all, mistakes }: Tally): string {
  const others = [...mistakes].sort(([, one], [, other]) => other - one).map(([what, count]) => `${what} ${count}`);
  return `| ${name} | ${trials} | ${kind} | ${all} | ${others.join(", ")} |`;
}

function captures(byCapture: ReadonlyMap<string, Tally>): string {
  return [
    "| Packets | capture | trials | kind right | all right | was taken for |",
    "|--:|---|--:|--:|--:|---|",
    ...[...byCapture].map(([name, tally]) => row(name, tally)),
  ].join("\n");
}

function times(off: readonly { begin: number; end: number }[]): string {
  const share = (most: number) => {
    const near = off.filter(({ begin, end }) => begin <= most && end <= most).length;
    return `${((100 * near) / off.length).toFixed(0)} %`;
  };
  return `Of the attacks whose kind was right, ${share(0.05)} begin and end where the verdict says within 5 % of their length, ${share(0.2)} within 20 %, and ${share(0.5)} within 50 %.`;
}
