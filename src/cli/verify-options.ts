/** The options of `ringcap verify`, in the order in which its help shows them. */
import type { Command } from "commander";
import type { EngineChoice, ReplayHookChoice } from "../replay/index.ts";
import { optionAdder, seconds } from "./option-adder.ts";
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
  add(VERIFY, "--reporter <name>", "spec, tap, junit or json; default spec");
  add(VERIFY, "--engine <engine>", "auto, kernel or user, whatever the cases say");
  add(VERIFY, "--hook <hook>", "auto, xdp or tc, whatever the cases say");
  add(VERIFY, "--update", "rewrite what is expected, and say what changed");
  add(VERIFY, "--allow-outside", "let suites name files outside of their directories: for those that you trust");
  add(VERIFY, "--timeout <time>", "how long each suite may take; default 600 s", seconds);
  return command.argument("<suite...>", "suite file, see docs/replay.md");
}
