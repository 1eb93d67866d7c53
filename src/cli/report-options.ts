/** The options of `ringcap report`, in the order in which its help shows them. */
import type { Command } from "commander";
import { type AnonymizeFlags, addAnonymizeOptions } from "./anonymize-options.ts";
import { addFilterOptions, type FilterFlags } from "./filter-options.ts";
import { FOREIGN_OPTIONS_OF_FILES, refuseForeignOptions } from "./foreign-options.ts";
import { list, optionAdder } from "./option-adder.ts";
import { addUserOption, type UserFlags } from "./user-option.ts";

export interface ReportFlags extends AnonymizeFlags, FilterFlags, UserFlags {
  output?: string[];
  json?: true;
  mmdb?: string[];
  quiet?: true;
}

const REPORT = "Report:";

const WORDS_HELP = `
The words are files up to the first that is no file, and then the expression. "--" parts them too.`;

export function addReportOptions(command: Command): Command {
  const add = optionAdder(command);
  add(REPORT, "-o, --output <file>", "a page (.html), the data (.json) or text (.txt); repeatable", list);
  add(REPORT, "--json", "the data as a JSON object on standard output");
  add(REPORT, "--mmdb <file>", "ASN and country of addresses from an MMDB file; repeatable", list);
  addAnonymizeOptions(add, REPORT, "replace addresses by others, and leave out what names hosts");
  addUserOption(add, REPORT);
  add(REPORT, "-q, --quiet", "of messages only warnings and errors");
  addFilterOptions(command);
  refuseForeignOptions(command, FOREIGN_OPTIONS_OF_FILES);
  return command
    .argument("<file...>", 'pcap or pcapng files, gzip of both too, "-", or an incident; then an expression')
    .usage("[options] <file...> [expression...]")
    .addHelpText("after", WORDS_HELP);
}
