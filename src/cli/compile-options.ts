/** The options of `ringcap compile`, in the order in which its help shows them. */
import type { Command } from "commander";
import type { ExplainOptions } from "../explain/index.ts";
import { addFilterOptions, type FilterFlags } from "./filter-options.ts";
import { optionAdder } from "./option-adder.ts";
import { words } from "./option-values.ts";

export interface CompileFlags extends FilterFlags {
  linkType?: string;
  hook?: ExplainOptions["hook"];
  optimize: boolean;
  /** The number of times that the option was given. */
  dump?: number;
  verbose?: true;
  json?: true;
}

const COMPILE = "Compile:";

export function addCompileOptions(command: Command): Command {
  const add = optionAdder(command);
  add(COMPILE, "-y, --link-type <type>", "what packets start with: EN10MB (the default), RAW, ... or a number", {
    values: words(
      "EN10MB",
      "RAW",
      "NULL",
      "LOOP",
      "PPP",
      "IEEE802_11",
      "IEEE802_11_RADIO",
      "LINUX_SLL",
      "LINUX_SLL2",
      "IPV4",
      "IPV6",
    ),
    details: "Names are those of tcpdump, in capitals or not, with or without DLT_ or LINKTYPE_.",
  });
  add(COMPILE, "--hook <hook>", "auto, xdp or tc; default auto: XDP where it can", {
    values: words("auto", "xdp", "tc"),
  });
  add(COMPILE, "-d, --dump", "the expression's classic BPF alone, as tcpdump prints it; -dd: as C, -ddd: as numbers");
  add(COMPILE, "-O, --no-optimize", "do not let libpcap optimise the expression");
  add(COMPILE, "-v, --verbose", "also what the kernel's verifier says", {
    details: "The programs are loaded and attached nowhere, which takes the rights of a capture.",
  });
  add(COMPILE, "--json", "one JSON object");
  addFilterOptions(command);
  let dumps = 0;
  command.on("option:dump", () => command.setOptionValue("dump", ++dumps));
  return command.argument("[expression...]", "pcap-filter expression");
}
