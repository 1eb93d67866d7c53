/** Waits for conditions that the kernel or another process brings about. */
import { setTimeout as pause } from "node:timers/promises";

const INTERVAL_MILLISECONDS = 20;
const DEADLINE_MILLISECONDS = 120_000;

/** @throws Error that names what did not come about */
export async function until<Value>(
  what: string,
  look: () => Value | undefined | Promise<Value | undefined>,
): Promise<Value> {
  const deadline = performance.now() + DEADLINE_MILLISECONDS;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > deadline) throw new Error(`it did not come about: ${what}`);
    await pause(INTERVAL_MILLISECONDS);
  }
}
