/** No hint stands in the source that no table has, and no table has one that the source does not have. */
import { describe, expect, test } from "vitest";
import { commandHints } from "../e2e/hints/command.ts";
import { fileHints } from "../e2e/hints/files.ts";
import { foreignHints, UNTRIED } from "../e2e/hints/foreign.ts";
import { hostHints } from "../e2e/hints/host.ts";
import { optionHints } from "../e2e/hints/options.ts";
import { untriedHints } from "../e2e/hints/untried.ts";
import { hintsInSource } from "../support/hints-in-source.ts";

describe("the hints of the source", () => {
  const rows = [
    ...optionHints,
    ...commandHints,
    ...fileHints,
    ...hostHints,
    ...untriedHints,
    ...foreignHints.map(([, , row]) => row),
  ];
  const inTables = new Set([UNTRIED, ...rows.map(({ hint }) => hint)]);

  test("are all followed, or said why not", () => {
    const message =
      "each hint has its row in test/e2e/hints, in untried.ts with the reason where it cannot be followed";
    expect([...inTables].toSorted(), message).toEqual([...hintsInSource().keys()].toSorted());
  });

  test("are found in every form in which the source gives them", () => {
    const inSource = hintsInSource();
    for (const [hint, file] of [
      ["write pcap or pcapng", "cli/capture-output.ts"],
      ['use `engine: "user"`, which has the same filter', "replay/choose-engine.ts"],
      ["a zstd file: decompress it first", "pcap-parser/detect.ts"],
      ["ulimit -l unlimited", "doctor/memory-lock.ts"],
      ["type -U", "cli/foreign-options.ts"],
      [
        "a process may have … descriptors open here, which are too few: `ulimit -n 1024` before it",
        "host/kernel-hints.ts",
      ],
    ]) {
      expect(inSource.get(hint ?? "")).toBe(file);
    }
  });
});
