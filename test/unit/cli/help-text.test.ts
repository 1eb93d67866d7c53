import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { wrap } from "../../../src/cli/help-text.ts";
import { Program } from "../../../src/cli/program.ts";

/** The help of each command, as it is printed into so many columns. */
function helps(columns: number): [name: string, help: string][] {
  let text = "";
  const program = new Program(undefined, (root) => {
    root.configureOutput({
      writeOut: (more) => {
        text += more;
      },
      getOutHelpWidth: () => columns,
    });
  }).declareAll();
  const walk = (command: Command): Command[] =>
    program.definitions.get(command)?.isHidden ? [] : [command, ...command.commands.flatMap(walk)];
  return walk(program.root).map((command) => {
    text = "";
    command.outputHelp();
    return [command.name(), text];
  });
}

/** Commands of examples, and terms, are never broken. */
const isWhole = (line: string) => /^ {2}\S/.test(line) && !line.startsWith("  #");

describe.each([80, 120, 60, 40, 20])("in %i columns", (columns) => {
  test("each line of a help has its place", () => {
    for (const [name, help] of helps(columns)) {
      const long = help.split("\n").filter((line) => line.length > columns && !isWhole(line));
      // A usage is one line, and a word longer than the terminal has a line of its own.
      const broken = long.filter((line) => !line.startsWith("Usage:") && /\S \S/.test(line.trim()));
      expect(broken, name).toEqual([]);
    }
  });

  test("nothing of the texts is lost", () => {
    const words = (help: string) => help.replaceAll("#", " ").split(/\s+/).filter(Boolean).toSorted();
    const wide = new Map(helps(1000));
    for (const [name, help] of helps(columns)) expect(words(help), name).toEqual(words(wide.get(name) ?? ""));
  });
});

test.each([-5, 0, 1, Number.NaN])("a terminal of %d columns gets a help too", (columns) => {
  for (const [, help] of helps(columns)) expect(help).toContain("Usage: ringcap");
});

test("the examples stand first, and before anything else", () => {
  for (const [name, help] of helps(80)) if (name !== "help") expect(help, name).toMatch(/^Examples:\n {2}# /);
});

test("words are not broken", () => {
  expect(wrap("one two three", 10)).toEqual(["one two", "three"]);
  expect(wrap("incomprehensibilities of 10", 10)).toEqual(["incomprehensibilities", "of 10"]);
});
