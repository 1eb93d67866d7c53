import { describe, expect, test } from "vitest";
import { flagOf, inFlags, messageInFlags } from "../../../src/cli/option-words.ts";
import { usageError } from "../../../src/errors.ts";

test.each([
  ["hook", "--hook"],
  ["snapshotLength", "--snapshot-length"],
  ["interfaces", "--interface"],
  ["destinationNetwork", "--dst-net"],
  ["packetsPerSecond", "--pps"],
  ["--write", "--write"],
])("the flag of the option %s is %s", (option, flag) => {
  expect(flagOf(option)).toBe(flag);
});

describe("a text of the library", () => {
  test.each([
    ['use `hook: "tc"`', "use --hook tc"],
    ["`ipVersion: 6` asks for it", "-6 asks for it"],
    ["use `topspeed: true` with it", "use --topspeed with it"],
    ["`snapshotLength: 0` captures packets whole", "--snapshot-length 0 captures packets whole"],
    ["make the rings smaller with `bufferSize`", "make the rings smaller with --buffer-size"],
    ['(`promiscuous`: CAP_NET_RAW too) `host: "@file"`', "(--promiscuous: CAP_NET_RAW too) --host @file"],
  ])("names flags: %s", (text, flags) => {
    expect(inFlags(text)).toBe(flags);
  });

  test.each([
    ["`ringcap -D` shows it"],
    ["a qdisc `ingress`"],
    ["type `ulimit -n 1024`"],
    ['`Hook: "tc"`'],
    ["`x: y`"],
  ])("keeps commands and other words: %s", (text) => {
    expect(inFlags(text)).toBe(text);
  });
});

test("the message of an error begins with the flag of its option", () => {
  expect(messageInFlags(usageError("bufferSize", '"0" is not a number'))).toBe('--buffer-size: "0" is not a number');
  expect(messageInFlags(usageError("-p", "contradicts --promiscuous"))).toBe("-p: contradicts --promiscuous");
  const option = undefined;
  expect(messageInFlags({ message: "hook: is no option here", option })).toBe("hook: is no option here");
});
