import { expect, test } from "vitest";
import { askAboutNearCommand, checkHelp, nestedHelp } from "../../../src/cli/near-command.ts";
import { distance } from "../../../src/options/index.ts";

const commands = ["capture", "replay", "verify", "compile", "connections", "send", "doctor", "help"];

test.each([
  ["doctr", "doctor"],
  ["docter", "doctor"],
  ["doctor1", "doctor"],
  ["replya", "replay"],
  ["relpay", "replay"],
  ["captrue", "capture"],
  ["connection", "connections"],
  ["vrify", "verify"],
  ["sned", "send"],
  ["snd", "send"],
  ["REPLAY", "replay"],
  ["Capture", "capture"],
])("%s is asked about", (word, command) => {
  expect(() => askAboutNearCommand(word, commands)).toThrow(
    expect.objectContaining({
      code: "USAGE",
      option: undefined,
      hint: expect.stringContaining(`"ringcap ${command}"`),
    }),
  );
});

test.each([
  undefined,
  "tcp",
  "host",
  "less",
  "port",
  "rnr",
  "ip6",
  "greater",
  "vlan",
  "10.0.0.1",
  "icmp6",
  "(tcp",
  "read",
  "top",
])("%s is an expression", (word) => {
  expect(() => askAboutNearCommand(word, commands)).not.toThrow();
});

test.each([
  ["", "", 0],
  ["a", "", 1],
  ["ab", "ba", 1],
  ["kitten", "sitting", 3],
  ["abc", "abc", 0],
] as const)("the distance of %j and %j is %i", (one, other, steps) => {
  expect(distance(one, other)).toBe(steps);
  expect(distance(other, one)).toBe(steps);
});

test.each([
  [["help", "captre"], 'did you mean "ringcap help capture"?'],
  [["help", "quux"], "ringcap help lists the commands"],
])("%j asks for help with no command", (words, hint) => {
  expect(() => checkHelp(words, commands)).toThrow(expect.objectContaining({ code: "USAGE", hint }));
});

test.each([[["help"]], [["help", "send"]], [["help", "help"]], [["help", "--json"]], [["captre"]]])(
  "%j is no such question",
  (words) => {
    expect(() => checkHelp(words, commands)).not.toThrow();
  },
);

const ownCommands = (command: string) => (command === "extcap" ? ["install", "remove"] : []);

test.each([
  [
    ["help", "extcap", "install"],
    ["extcap", "help", "install"],
  ],
  [
    ["help", "extcap"],
    ["help", "extcap"],
  ],
  [
    ["help", "capture", "install"],
    ["help", "capture", "install"],
  ],
])("%j asks the parser for %j", (words, asked) => {
  expect(nestedHelp(words, ownCommands)).toEqual(asked);
});

test("help of a command that another command does not have is refused", () => {
  const hint = 'did you mean "ringcap help extcap install"?';
  expect(() => nestedHelp(["help", "extcap", "instal"], ownCommands)).toThrow(
    expect.objectContaining({ code: "USAGE", hint }),
  );
});
