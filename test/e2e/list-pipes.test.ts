/** Lists that are read from a pipe (`--host @<(command)`): the start waits for the end of the pipe, and signals end it. */
import { closeSync, constants, openSync, writeSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { startRingcap } from "../support/cli.ts";
import { namedPipe } from "../support/named-pipe.ts";
import { describeWith, requirements } from "../support/privileges.ts";

const POLL_MILLISECONDS = 20;

/** Opens the pipe for writing when somebody has it open for reading. */
async function writerOf(path: string): Promise<number> {
  for (;;) {
    try {
      return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENXIO") throw error;
      await pause(POLL_MILLISECONDS);
    }
  }
}

describeWith(requirements.bpf, "a list in a pipe", () => {
  test.each([
    ["replay", "fixtures/vlan.pcap", "--host"],
    ["-i", "lo", "--net"],
    ["compile", "--host"],
    ["connections", "--host"],
    ["connections", "--half-open", "--port"],
  ])("that does not end keeps no signal from ending the command: %s %s %s", async (...words) => {
    const path = namedPipe();
    const ringcap = startRingcap([...words, `@${path}`]);
    const writer = await writerOf(path);
    ringcap.child.kill("SIGINT");
    const { code, signal } = await ringcap.exit;
    closeSync(writer);
    expect(signal ?? code).toBe("SIGINT");
  });

  test("is read to its end", async () => {
    const path = namedPipe();
    const ringcap = startRingcap(["replay", "fixtures/vlan.pcap", "--json", "--engine", "user", "--net", `@${path}`]);
    const writer = await writerOf(path);
    writeSync(writer, "192.0.2.0/24\n");
    writeSync(writer, "198.51.100.0/24\n");
    closeSync(writer);
    const { packets } = await ringcap.json();
    expect(packets.matched).toBeGreaterThan(0);
  });
});
