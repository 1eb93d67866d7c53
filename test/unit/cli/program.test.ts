import type { Command } from "commander";
import { expect, test } from "vitest";
import { Program } from "../../../src/cli/program.ts";

test("each command has a name of its own and a summary, and each option a text", () => {
  const { root, names } = new Program().declareAll();
  expect(new Set(names).size).toBe(names.length);
  const walk = (command: Command): Command[] => [command, ...command.commands.flatMap(walk)];
  for (const command of walk(root)) {
    expect(command.description(), command.name()).not.toBe("");
    for (const { flags, description, hidden } of command.options) if (!hidden) expect(description, flags).not.toBe("");
  }
});

test("the options of a command are declared when it is parsed, and those of the others are not", async () => {
  const program = new Program();
  await program.root.parseAsync(["send", "x.pcap", "-i", "v0"], { from: "user" });
  const counts = new Map(program.root.commands.map((command) => [command.name(), command.options.length]));
  expect(counts.get("send")).toBeGreaterThan(5);
  expect(counts.get("capture")).toBe(0);
});
