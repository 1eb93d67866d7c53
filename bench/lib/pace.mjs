// How fast the CPUs are just now, beside the fastest that this run has seen them: a neighbour on the other hardware
// thread of a core, which a virtual machine does not see, takes up to half of it away.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../programs/pace.c", import.meta.url));
const directory = fileURLToPath(new URL("../../build/bench", import.meta.url));
const program = `${directory}/pace`;

/** What the slowest CPU takes when it has no neighbour, the fastest being 1. */
const PACE_MAX = 1.15;
/** How long the end of a neighbour is waited for, seconds. */
const PATIENCE = 5;

let built = false;
let fastest = Number.POSITIVE_INFINITY;

/** How much longer than ever the slowest CPU takes for the same work; 1: as fast as ever. */
export function pace() {
  if (!built) {
    mkdirSync(directory, { recursive: true });
    execFileSync("gcc", ["-O2", "-o", program, source]);
    built = true;
  }
  const times = execFileSync(program, { encoding: "utf8" }).trim().split("\n").map(Number);
  fastest = Math.min(fastest, ...times);
  return Math.max(...times) / fastest;
}

/** Waits for CPUs without neighbours, but not for long. */
export async function steadyPace() {
  const end = performance.now() + PATIENCE * 1000;
  while (pace() > PACE_MAX && performance.now() < end) await pause(200);
}
