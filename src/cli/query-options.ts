/** The options of `ringcap query`, in the order in which its help shows them. */
import type { Command } from "commander";
import { DescribedArgument, number, optionAdder } from "./option-adder.ts";
import { words } from "./option-values.ts";
import { addUserOption, type UserFlags } from "./user-option.ts";

export interface QueryFlags extends UserFlags {
  question?: string;
  since?: string;
  limit?: number;
  json?: true;
  csv?: true;
}

const QUESTION = "Question:";
const OUTPUT = "Output:";

export function addQueryOptions(command: Command): Command {
  const add = optionAdder(command);
  add(QUESTION, "--question <name>", "in the place of SQL: floods, sources, hosts-hit, spread or incidents", {
    values: words("floods", "sources", "hosts-hit", "spread", "incidents"),
    details: `floods: where the rate was highest, by host and class. sources: the heaviest sources over all hosts. hosts-hit: the hosts with the
highest peaks. spread: sources that were seen on more than one host. incidents: the incidents of all hosts, the last one first.`,
  });
  add(QUESTION, "--since <time>", "of --question: the first time, such as 2026-11-28T04:43:09Z, or how long ago: 1h");
  add(QUESTION, "--limit <n>", "of --question: the most rows; default 20", number);
  addUserOption(add, QUESTION);
  add(OUTPUT, "--json", "one JSON object a line");
  add(OUTPUT, "--csv", "comma-separated values (RFC 4180)");
  return command
    .addArgument(
      new DescribedArgument(
        "<directory>",
        "what was given as --to of ringcap export or of ringcap fleet follow, or as --parquet",
      ),
    )
    .addArgument(new DescribedArgument("[sql]", "one SELECT"));
}
