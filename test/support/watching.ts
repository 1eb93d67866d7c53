/** `ringcap watch` in a test: its events as they come. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { WatchReport } from "../../src/cli/watch-report.ts";
import type { IncidentReport } from "../../src/flood/incident-report.ts";
import { type RunningRingcap, type StartOptions, startRingcap } from "./cli.ts";
import { capinfos } from "./pcap-fixture.ts";

export interface Event {
  readonly event: string;
  readonly [name: string]: unknown;
}

export interface RunningWatch {
  readonly ringcap: RunningRingcap;
  events(): Event[];
  /** Resolves with the event of that name that comes as the number says, from 1. */
  event(name: string, number?: number): Promise<Event>;
  /** Ends it by SIGINT, and returns its report, which adds up. */
  end(): Promise<{ report: WatchReport; code: number | null }>;
}

/** Starts a watch with --json. Killed at the end of the test. */
export function startWatch(args: readonly string[], options: StartOptions): RunningWatch {
  const ringcap = startRingcap(["watch", "--json", ...args], options);
  const events = () =>
    ringcap
      .stdout()
      .toString()
      .split("\n")
      .slice(0, -1)
      .map((line): Event => JSON.parse(line));
  const named = (name: string) => events().filter(({ event }) => event === name);
  return {
    ringcap,
    events,
    event: async (name, number = 1) => {
      const hasEnded = () => ringcap.child.exitCode !== null;
      await expect.poll(() => named(name).length >= number || hasEnded(), { timeout: 30_000 }).toBe(true);
      const found = named(name)[number - 1];
      if (found === undefined) throw new Error(`the watch ended before ${name} came: ${ringcap.stderr()}`);
      return found;
    },
    end: async () => {
      ringcap.child.kill("SIGINT");
      const { code } = await ringcap.exit;
      const report = named("ended")[0] as Event & WatchReport;
      for (const event of events()) expect(event).toMatchObject({ time: expect.stringMatching(/^\d{4}-.*T.*[+-]\d/) });
      const { seen: _, matched, ...fates } = report.packets;
      expect(sum(Object.values(fates))).toBe(matched);
      return { report, code };
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

export interface FileReport {
  readonly name: string;
  readonly bytes: number;
  readonly packets: number;
  readonly sha256: string;
}

/** Reads the report of an incident, and checks that it adds up with itself and with what capinfos says of its files. */
export async function readIncident(directory: string): Promise<IncidentReport & { files: readonly FileReport[] }> {
  const report = JSON.parse(readFileSync(join(directory, "incident.json"), "utf8"));
  const { seen: _, matched, ...fates } = report.packets;
  expect(sum(Object.values(fates))).toBe(matched);
  for (const { name, bytes, packets, sha256 } of report.files) {
    const path = join(directory, name);
    expect(await capinfos(path)).toMatchObject({ packets, fileSize: bytes, fileType: "pcapng" });
    expect(createHash("sha256").update(readFileSync(path)).digest("hex")).toBe(sha256);
  }
  expect(sum(report.files.map((file: FileReport) => file.packets))).toBe(report.packets.written);
  return report;
}
