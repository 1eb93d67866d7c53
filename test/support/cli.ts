/** The built command line in a test, which it does not outlive. */
import { onTestFinished } from "vitest";
import { type RingcapExit, type RunningRingcap, type StartOptions, spawnRingcap } from "./ringcap-process.ts";

export { main, type RingcapExit, type RunningRingcap, type RunSummary, type StartOptions } from "./ringcap-process.ts";

/** Starts the built command line, `node dist/bundle/main.cjs`. Killed at the end of the test. Only inside a test. */
export function startRingcap(args: readonly string[], options: StartOptions = {}): RunningRingcap {
  const running = spawnRingcap(args, options);
  onTestFinished(async () => {
    running.child.kill("SIGKILL");
    await running.exit.catch(() => {});
  });
  return running;
}

/** Sends a signal again and again until the process has ended. */
export async function insist({ child, exit }: RunningRingcap, signal: NodeJS.Signals): Promise<RingcapExit> {
  const timer = setInterval(() => child.kill(signal), 100);
  try {
    return await exit;
  } finally {
    clearInterval(timer);
  }
}
