import { Command, CommanderError, Option } from "commander";
import { expect, test } from "vitest";
import { FOREIGN_OPTIONS_OF } from "../../../src/cli/foreign-options-of-commands.ts";
import { Program } from "../../../src/cli/program.ts";
import { hintAfter } from "../../../src/cli/wrong-usage.ts";

function commands(): readonly Command[] {
  return new Program().declareAll().root.commands;
}

/** What the parser throws for words, and where it threw. */
function refusal(words: string): { error: unknown; hint: string } {
  const [name, ...rest] = words.split(" ");
  const all = commands();
  const command = all.find((one) => one.name() === name);
  if (command === undefined) throw new Error(`there is no command ${name}`);
  let hint = "";
  command
    .configureOutput({ writeErr: () => {} })
    .showSuggestionAfterError(false)
    .exitOverride((error) => {
      hint = hintAfter(error, command, all);
      throw error;
    });
  try {
    command.parse(rest, { from: "user" });
  } catch (error) {
    return { error, hint };
  }
  throw new Error(`${words} is not refused`);
}

test.each([
  [
    "replay x.pcap -Q in",
    "-Q is an option of ringcap capture, ringcap watch, ringcap top; ringcap replay --help shows what it takes",
  ],
  ["replay x.pcap --pid 3", "--pid is an option of ringcap capture, ringcap connections; "],
  ["connections --pps=10", "--pps is an option of ringcap send; "],
  ["verify x.json -Qin", "-Q is an option of ringcap capture, ringcap watch, ringcap top; "],
  ["verify x.json --updat", "did you mean --update? ringcap verify --help shows what it takes"],
  ["capture --prot tcp", "did you mean --proto? "],
  ["capture --lenght 5", "ringcap capture --help shows what it takes"],
  ["capture -?", "ringcap capture --help shows what it takes"],
  ["capture -i", "ringcap capture --help shows what it takes"],
  ["replay", "ringcap replay --help shows what it takes"],
])("%s", (words, hint) => {
  expect(refusal(words).hint).toMatch(hint);
});

test.each([
  ["capture -w x -w y", "--write"],
  ["capture -c 1 --count 2", "--count"],
  ["replay x.pcap --expect a --expect b", "--expect"],
  ["send x.pcap -i a -i b", "--interface"],
])("%s is refused: the option takes one value", (words, option) => {
  expect(refusal(words).error).toMatchObject({
    code: "USAGE",
    message: expect.stringMatching(new RegExp(`^${option}: it takes one value, and is given "`)),
  });
});

test("a value may be given again, a list goes on, and what is counted is counted", () => {
  const [capture] = commands();
  capture?.parse("-w x --write x -i a -i b --port 1 --port 2 -vv -v".split(" "), { from: "user" });
  expect(capture?.opts()).toMatchObject({ write: "x", interface: ["a", "b"], port: ["1", "2"], verbose: 3 });
});

test("a word that is nearly the name of a command below another is asked about", () => {
  const root = new Command("ringcap");
  const service = root.command("service");
  service.command("unit");
  const hintFor = (word: string) =>
    hintAfter(
      new CommanderError(1, "commander.unknownCommand", `error: unknown command '${word}'`),
      service,
      root.commands,
    );
  expect(hintFor("unti")).toBe('did you mean "ringcap service unit"? ringcap service --help shows what it takes');
  expect(hintFor("quux")).toBe("ringcap service --help shows what it takes");
});

test("what stands there only to be refused is no option of a command", () => {
  expect(refusal("compile -F 5").hint).toBe("ringcap compile --help shows what it takes");
});

const foreign = Object.entries(FOREIGN_OPTIONS_OF).flatMap(([name, options]) =>
  options.map(({ flags, instead }) => [name, flags, instead] as const),
);
test.each(foreign)("%s refuses %s with what to type", (name, flags, instead) => {
  const { short, long, required } = new Option(flags);
  for (const word of [short, long].filter((one) => one !== undefined)) {
    const { error } = refusal(`${name} ${word}${required ? " 1" : ""}`);
    expect(error).toMatchObject({ code: "USAGE", message: expect.stringContaining(word), hint: instead });
  }
});

/** Hints name options and commands that are there. */
test.each(foreign)("of %s, what is to be typed instead of %s is known", (name, _flags, instead) => {
  const own = commands().find((command) => command.name() === name);
  const ofCapture = commands().find((command) => command.name() === "capture");
  const known = [own, ofCapture].flatMap((command) => command?.options ?? []).filter(({ hidden }) => !hidden);
  const named = instead.match(/(?<![\w-])--?[a-zA-Z][\w-]*/g) ?? [];
  for (const word of named) expect(known.flatMap(({ short, long }) => [short, long])).toContain(word);
});
