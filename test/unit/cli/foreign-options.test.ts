import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { addCaptureOptions } from "../../../src/cli/capture-options.ts";
import { FOREIGN_OPTIONS, FOREIGN_OPTIONS_OF_FILES } from "../../../src/cli/foreign-options.ts";
import { addReplayOptions } from "../../../src/cli/replay-options.ts";

function parse(words: string) {
  const command = addCaptureOptions(new Command().exitOverride());
  command.parse(words.split(" "), { from: "user" });
  return { flags: command.opts(), expression: command.args };
}

describe("an option of tcpdump, dumpcap or tshark", () => {
  test.each(FOREIGN_OPTIONS.map(({ flags, instead }) => [flags, instead] as const))(
    "%s is refused with what to type",
    (flags, instead) => {
      for (const name of flags
        .replaceAll(/[<[].*/g, "")
        .trim()
        .split(", ")) {
        const words = flags.includes("<") ? `${name} 1` : name;
        expect(() => parse(words)).toThrow(
          expect.objectContaining({ code: "USAGE", message: expect.stringContaining(name), hint: instead }),
        );
      }
    },
  );

  test.each(["-nf 5", "-nnvb files:2", "-nni eth0 -b 5", "-f5", "--linktype=RAW"])("is found in %s", (words) => {
    expect(() => parse(words)).toThrow(expect.objectContaining({ code: "USAGE" }));
  });

  test("stands in no help", () => {
    const help = addCaptureOptions(new Command()).helpInformation();
    for (const name of ["--autostop", "--relinquish-privileges", " -b"]) expect(help).not.toContain(name);
  });

  test("is refused by replay too, and its own options are not", () => {
    const refusal = (words: string) => {
      const command = addReplayOptions(new Command().exitOverride());
      try {
        command.parse(["x.pcap", ...words.split(" ")], { from: "user" });
      } catch (error) {
        return error;
      }
    };
    expect(refusal("-Y tcp")).toMatchObject({ code: "USAGE", message: expect.stringContaining("-Y") });
    expect(refusal("-a duration:5")).toMatchObject({ hint: "type -c <packets>" });
    expect(refusal("-C 5")).toMatchObject({ code: "USAGE", hint: expect.stringContaining("editcap -c") });
    for (const { flags, instead } of FOREIGN_OPTIONS_OF_FILES) {
      const name = flags.replace(/[, [<].*/, "");
      expect(refusal(flags.includes("<") ? `${name} 1` : name), name).toMatchObject({ code: "USAGE", hint: instead });
    }
  });
});

describe("the letters of tcpdump that ringcap has", () => {
  test.each([
    ["-nni eth0 -c 5 tcp", { n: 2, interface: ["eth0"], count: 5 }, ["tcp"]],
    ["-nnvvXSs0 -i eth0", { n: 2, verbose: 2, X: 1, S: true, snapshotLength: 0, interface: ["eth0"] }, []],
    ["-lpK -tttt -# -U -w -", { l: true, p: true, K: true, t: 4, "#": true, packetBuffered: true, write: "-" }, []],
    ["-Qinout -c3 -ieth0 port 80", { direction: "inout", count: 3, interface: ["eth0"] }, ["port", "80"]],
    ["--duration 5m", { duration: 300 }, []],
    ["--duration 250ms", { duration: 0.25 }, []],
    ["-C 10 -G 60 -W 5 -z gzip", { rotateSize: 10_000_000, rotateEvery: 60, keepFiles: 5, onFile: "gzip" }, []],
    ["-C 64Mi -G 1h", { rotateSize: 67_108_864, rotateEvery: 3600 }, []],
    ["--keep-size 1.5G --keep-free 500k", { keepSize: 1_500_000_000, keepFree: 500_000 }, []],
    ["-r x.pcap -n", { read: "x.pcap", n: 1 }, []],
  ])("%s", (words, flags, expression) => {
    expect(parse(words)).toEqual({ flags, expression });
  });
});
