import { expect, test } from "vitest";
import { refuseItsStreams, splitCommand } from "../../../src/cli/command-words.ts";

const others = ["replay", "doctor"];

test.each([
  ["nothing of a command", "-i lo tcp port 80", "-i lo tcp port 80", undefined],
  ["an expression in front of it", "-i lo tcp port 80 -- curl -s x", "-i lo tcp port 80", "curl -s x"],
  ["nothing in front of it", "-- curl", "", "curl"],
  ["the name of the command of ringcap in front", "capture -- replay", "capture", "replay"],
  ["a further separator, which is the command's", "-- git diff -- a", "", "git diff -- a"],
  ["a separator where an option's value should stand", "-w -- curl", "-w", "curl"],
  ["another command of ringcap", "replay -- -file.pcap", "replay -- -file.pcap", undefined],
])("a command line with %s", (_, line, own, command) => {
  const words = (text: string) => text.split(" ").filter(Boolean);
  const expected = { own: words(own), command: command === undefined ? undefined : words(command) };
  expect(splitCommand(words(line), others)).toEqual(expected);
});

test.each([
  ["no command", ["-i", "lo", "--"], "--: no command stands behind it"],
  ["an empty name", ["--", ""], "--: the name of the command is empty"],
])("%s behind the separator is refused", (_, words, message) => {
  expect(() => splitCommand(words, others)).toThrow(message);
});

test("standard output is not taken from a command", () => {
  expect(() => refuseItsStreams("-")).toThrow("--write: standard output belongs to the command behind --");
  expect(() => refuseItsStreams("out.pcap")).not.toThrow();
});
