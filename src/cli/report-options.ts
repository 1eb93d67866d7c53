/** The options of `ringcap report`, in the order in which its help shows them. */
import type { Command } from "commander";
import { type AnonymizeFlags, addAnonymizeOptions } from "./anonymize-options.ts";
import { addFilterOptions, type FilterFlags } from "./filter-options.ts";
import { FOREIGN_OPTIONS_OF_FILES, refuseForeignOptions } from "./foreign-options.ts";
import { DescribedArgument, list, optionAdder } from "./option-adder.ts";
import { CAPTURE_FILES, files } from "./option-values.ts";
import { addUserOption, type UserFlags } from "./user-option.ts";

export interface ReportFlags extends AnonymizeFlags, FilterFlags, UserFlags {
  output?: string[];
  json?: true;
  mmdb?: string[];
  quiet?: true;
}

const REPORT = "Report:";

export function addReportOptions(command: Command): Command {
  const add = optionAdder(command);
  add(REPORT, "-o, --output <file>", "a page (.html), the data (.json) or text (.txt); repeatable", list, {
    values: files("html", "json", "txt"),
    details: "The page needs no network and no other file. A file takes its name when it is whole.",
  });
  add(REPORT, "--json", "the data as a JSON object on standard output", {
    details: "schemas/report.schema.json of the package describes it.",
  });
  add(REPORT, "--mmdb <file>", "ASN and country of addresses from an MMDB file; repeatable", list, {
    values: files("mmdb"),
    details: `ringcap has no such data, and asks nobody. The npm package mmdb-lib has to be installed beside ringcap.`,
  });
  addAnonymizeOptions(add, REPORT, "replace addresses by others, and leave out what names hosts");
  addUserOption(add, REPORT);
  add(REPORT, "-q, --quiet", "of messages only warnings and errors");
  addFilterOptions(command);
  refuseForeignOptions(command, FOREIGN_OPTIONS_OF_FILES);
  return command
    .addArgument(
      new DescribedArgument(
        "<file...>",
        'pcap or pcapng files, gzip of both too, "-", or an incident; then an expression',
        { values: CAPTURE_FILES },
      ),
    )
    .usage("[options] <file...> [expression...]");
}
