import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import type { RingcapCommand } from "../../../src/cli/command.ts";
import { splitCommand } from "../../../src/cli/command-words.ts";
import { COMMANDS, PROGRAM_EXAMPLES } from "../../../src/cli/commands/index.ts";
import { Program } from "../../../src/cli/program.ts";

const leaves = (commands: readonly RingcapCommand[]): RingcapCommand[] =>
  commands.flatMap((command) => [command, ...leaves(command.commands ?? [])]);
const all = leaves(COMMANDS);
const examples = [...PROGRAM_EXAMPLES, ...all.flatMap((command) => command.examples)];

/** Lets a shell split commands into words. The functions stand for the programs that examples name. */
function split(commands: readonly string[]): string[][] {
  const directory = mkdtempSync(join(tmpdir(), "ringcap-examples-"));
  try {
    const script = [
      "ringcap() { printf '%s\\0' \"$@\" >&3; printf '\\n\\0' >&3; }",
      'sudo() { "$@"; }',
      // Nothing is written where an example writes a file.
      ...commands.map((command) => command.replaceAll(/ > [~/\w.-]+(?= &&|$)/g, "")),
    ].join("\n");
    const words = execFileSync("bash", ["-euc", `{ ${script}\n} 3>&1 >/dev/null`], {
      cwd: directory,
      encoding: "utf8",
    });
    return words
      .split("\n\0")
      .slice(0, -1)
      .map((line) => line.split("\0").slice(0, -1));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Parses words as the command line does. @returns the name of the command that would run */
async function parse(words: readonly string[]): Promise<string | undefined> {
  let name: string | undefined;
  const program = new Program(async (command) => {
    name = command.name;
  });
  const others = program.names.filter((other) => other !== "capture");
  await program.root.parseAsync([...splitCommand(words, others).own], { from: "user" });
  return name;
}

describe("the examples of the help", () => {
  test("are four of each command", () => {
    for (const { name, examples: own } of [{ name: "ringcap", examples: PROGRAM_EXAMPLES }, ...all]) {
      expect(own, name).toHaveLength(4);
    }
  });

  test("are accepted by the parser, each by its own command", async () => {
    const lines = split(examples.map(({ command }) => command));
    expect(lines.length).toBeGreaterThanOrEqual(examples.length);
    for (const words of lines) expect(await parse(words), words.join(" ")).toBeDefined();
    for (const command of COMMANDS) {
      for (const words of split(command.examples.map((example) => example.command)).slice(0, 1)) {
        const ownNames = leaves([command]).map(({ name }) => name);
        expect(ownNames, words.join(" ")).toContain(await parse(words));
      }
    }
  });
});

test("each command has a name of its own, a summary, and options with a text and a group", () => {
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
