/** How long a session sleeps between two looks at its rings. */
import type { Taken } from "./batch-taker.ts";
import type { CaptureSettings } from "./options.ts";

/**
 * Milliseconds between two looks at the rings of a quiet capture. Each look costs the event loop some milliseconds of a
 * cold CPU.
 */
const TICK_MILLISECONDS = 500;
/**
 * Milliseconds between two looks where a number of packets is waited for, because further packets are captured
 * meanwhile.
 */
const COUNTED_TICK_MILLISECONDS = 100;
const IMMEDIATE_TICK_MILLISECONDS = 1;

/** Milliseconds to sleep where nothing is to be taken at once. */
export function pauseAfter(next: Taken["next"], { immediate, count, needs }: CaptureSettings): number {
  if (next === "soon" && immediate) return IMMEDIATE_TICK_MILLISECONDS;
  if (needs.pause !== undefined) return needs.pause();
  return Number.isFinite(count) ? COUNTED_TICK_MILLISECONDS : TICK_MILLISECONDS;
}
