/** The options of `ringcap export`, in the order in which its help shows them. */
import type { Command } from "commander";
import { FOREIGN_OPTIONS_OF_FILES, refuseForeignOptions } from "./foreign-options.ts";
import { DescribedArgument, optionAdder } from "./option-adder.ts";
import { CAPTURE_FILES, words } from "./option-values.ts";
import { addUserOption, type UserFlags } from "./user-option.ts";

export interface ExportFlags extends UserFlags {
  to?: string;
  table?: string;
  host?: string;
  json?: true;
  quiet?: true;
}

const EXPORT = "Export:";

export function addExportOptions(command: Command): Command {
  const add = optionAdder(command);
  add(EXPORT, "--to <directory>", "where the tables are, of this host and of others", {
    details: "It is made where it is not there, readable for its owner alone.",
  });
  add(EXPORT, "--table <name>", "packets, seconds or connections; default packets", {
    values: words("packets", "seconds", "connections"),
    details: "Connections are lines of ringcap connections --json; the others are made of capture files.",
  });
  add(EXPORT, "--host <name>", "the host that the files are of; default the name of this one", {
    details: "It is no filter: an expression chooses packets.",
  });
  addUserOption(add, EXPORT);
  add(EXPORT, "--json", "the numbers at the end as a JSON object on standard output");
  add(EXPORT, "-q, --quiet", "of messages only warnings and errors");
  refuseForeignOptions(command, FOREIGN_OPTIONS_OF_FILES);
  return command
    .addArgument(
      new DescribedArgument("<file...>", 'pcap or pcapng files, gzip of both too, or "-"; then an expression', {
        values: CAPTURE_FILES,
      }),
    )
    .usage("[options] <file...> --to <directory> [expression...]");
}
