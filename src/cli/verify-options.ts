/** The options of `ringcap verify`, in the order in which its help shows them. */
import type { Command } from "commander";
import type { EngineChoice, ReplayHookChoice } from "../replay/index.ts";
import { DescribedArgument, optionAdder, seconds } from "./option-adder.ts";
import { files, words } from "./option-values.ts";
import type { ReporterName } from "./verify-reporters.ts";

export interface VerifyFlags {
  reporter?: ReporterName;
  engine?: EngineChoice;
  hook?: ReplayHookChoice;
  update?: true;
  allowOutside?: true;
  timeout?: number;
}

const VERIFY = "Verify:";

export function addVerifyOptions(command: Command): Command {
  const add = optionAdder(command);
  add(VERIFY, "--reporter <name>", "spec, tap, junit or json; default spec", {
    values: words("spec", "tap", "junit", "json"),
  });
  add(VERIFY, "--engine <engine>", "auto, kernel or user, whatever the cases say", {
    values: words("auto", "kernel", "user"),
  });
  add(VERIFY, "--hook <hook>", "auto, xdp or tc, whatever the cases say", {
    values: words("auto", "xdp", "tc"),
  });
  add(VERIFY, "--update", "rewrite what is expected, and say what changed", {
    details: "Golden files and the suites themselves are rewritten, each when its new content is complete.",
  });
  add(VERIFY, "--allow-outside", "let suites name files outside of their directories: for those that you trust", {
    details: `Without it, the captures, golden files and lists of a suite lie below its directory, with links resolved.`,
  });
  add(VERIFY, "--timeout <time>", "how long each suite may take; default 600 s", seconds);
  return command.addArgument(
    new DescribedArgument("<suite...>", "suite file, see docs/replay.md", { values: files("json", "yaml", "yml") }),
  );
}
