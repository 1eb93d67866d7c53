/** Who is blamed for a value: the command line, or the file of --config. */
import { expect, test } from "vitest";
import { blamingFile } from "../../../src/cli/watch-file.ts";
import type { WatchFlags } from "../../../src/cli/watch-options.ts";
import { toWatchValues } from "../../../src/cli/watch-values.ts";
import { parseTrigger, type WatchConfig } from "../../../src/flood/index.ts";

const OF_FILE = "read the configuration watch.yaml: ";
const triggers = [parseTrigger("5/s")];
const given: WatchFlags = { config: "watch.yaml", write: "incidents" };

test.each<[WatchFlags, string]>([
  [{ incidentSize: 100 }, "type 8Mi or more"],
  [{ incidentSize: 2 ** 24, historySize: 2 ** 24 }, "type 8Mi or less"],
  [{ after: 0 }, "type 0.1 or more"],
])("a number out of bounds, as in %j, is told the bound: %s", (flags, hint) => {
  expect(() => toWatchValues({ trigger: ["5/s"], write: "incidents", ...flags }, {})).toThrow(
    expect.objectContaining({ code: "USAGE", hint }),
  );
});

test.each<[WatchFlags, WatchConfig, string, string]>([
  [given, { triggers, incidentSize: 1000 }, "INPUT", `${OF_FILE}incident-size: 1000 bytes are less than 8388608`],
  [
    { ...given, incidentSize: 1000 },
    { triggers, incidentSize: 1e9 },
    "USAGE",
    "--incident-size: 1000 bytes are less than 8388608",
  ],
  [given, { triggers, keepIncidents: 1.5 }, "INPUT", `${OF_FILE}keep-incidents: "1.5" is not`],
  [given, {}, "USAGE", "--trigger: no rule is given, and none is in watch.yaml"],
  [{ ...given, trigger: ["oops"] }, { triggers }, "USAGE", "trigger: expected a subject"],
])("with %j and %j in the file", (flags, config, code, message) => {
  expect(() => blamingFile(flags, config)(() => toWatchValues(flags, config))).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) }),
  );
});
