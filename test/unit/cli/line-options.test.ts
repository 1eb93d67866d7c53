import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { addLineOptions, type LineFlags, toLineOptions } from "../../../src/cli/line-options.ts";
import { optionAdder } from "../../../src/cli/option-adder.ts";
import type { PacketLineOptions } from "../../../src/outputs/lines/packet-line.ts";

/** As captures and replays have them, with one that takes a value behind the letters. */
function parse(...words: string[]): PacketLineOptions & { readonly flags: LineFlags & { snapshotLength?: string } } {
  const command = new Command()
    .exitOverride()
    .argument("[expression...]")
    .action(() => {});
  addLineOptions(command);
  optionAdder(command)("Other:", "-s, --snapshot-length <n>", "bytes");
  optionAdder(command)("Other:", "-q, --quiet", "less");
  command.parse(words, { from: "user" });
  const flags = command.opts<LineFlags & { snapshotLength?: string }>();
  return { ...toLineOptions(flags, "micro"), flags };
}

describe("the letters of tcpdump for lines", () => {
  it("are counted and combined, with a value behind the last one", () => {
    const options = parse("-nnvvXSs0", "tcp", "port", "80");
    expect(options).toMatchObject({ verbose: 2, absoluteSequence: true, bytes: { form: "hex-and-text" } });
    expect(options.flags.snapshotLength).toBe("0");
    expect(options.flags.n).toBe(2);
  });

  it.each([
    [[], 0],
    [["-t"], 1],
    [["-tt"], 2],
    [["-t", "-t", "-t"], 3],
    [["-tttt"], 4],
    [["-ttttt"], 5],
  ] as const)("%j is time form %i", (words, form) => {
    expect(parse(...words).timeForm).toBe(form);
  });

  it("has no sixth form of time", () => {
    expect(() => parse("-tttttt")).toThrow(
      expect.objectContaining({ code: "USAGE", hint: expect.stringContaining("-ttttt") }),
    );
  });

  it.each([
    ["-v", 1],
    ["-vv", 2],
    ["-vvv", 3],
    ["-vvvvv", 3],
  ])("%s is as verbose as %i", (word, verbose) => {
    expect(parse(word).verbose).toBe(verbose);
  });

  it.each([
    ["-x", { form: "hex", withLinkHeader: false }],
    ["-xx", { form: "hex", withLinkHeader: true }],
    ["-X", { form: "hex-and-text", withLinkHeader: false }],
    ["-XX", { form: "hex-and-text", withLinkHeader: true }],
    ["-A", { form: "text", withLinkHeader: false }],
    ["-AA", { form: "text", withLinkHeader: true }],
    ["-xXA", { form: "hex-and-text", withLinkHeader: false }],
    ["-xA", { form: "hex", withLinkHeader: false }],
  ])("%s shows the bytes", (word, bytes) => {
    expect(parse(word)).toMatchObject({ bytes, bytesFollow: true });
  });

  it("are nothing by themselves", () => {
    expect(parse("-n", "-l", "-p")).toMatchObject({
      linkHeader: false,
      numbered: false,
      uncheckedSums: false,
      verbose: 0,
    });
    expect(parse("-e#K")).toMatchObject({ linkHeader: true, numbered: true, uncheckedSums: true });
  });
});
