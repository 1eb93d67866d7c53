/** `ringcap connections --json` of the command line, from its start to its last line. */
import { expect } from "vitest";
import type { ConnectionLine } from "../../src/cli/connection-line.ts";
import { type RunningRingcap, startRingcap } from "./cli.ts";

export interface Following {
  readonly running: RunningRingcap;
  /** Waits until so many lines of a type have come. */
  lines(count: number, type?: string): Promise<ConnectionLine[]>;
  /** Ends it with SIGINT, unless it has ended, and returns all lines. */
  finish(): Promise<{ lines: ConnectionLine[]; stderr: string; code: number | null }>;
}

/** Resolves once connections are followed. Only inside a test. */
export async function follow(args: readonly string[], prefix: readonly string[] = []): Promise<Following> {
  const running = startRingcap(["connections", "--json", ...args], { prefix });
  await running.listening();
  const parse = () =>
    running
      .stdout()
      .toString()
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as ConnectionLine);
  return {
    running,
    lines: async (count, type = "close") => {
      const ofType = () => parse().filter((line) => line.type === type);
      await expect.poll(() => ofType().length).toBeGreaterThanOrEqual(count);
      return ofType();
    },
    finish: async () => {
      running.child.kill("SIGINT");
      const { code, stderr } = await running.exit;
      return { lines: parse(), stderr, code };
    },
  };
}
