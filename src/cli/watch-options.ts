/** The options of `ringcap watch`, in the order in which its help shows them. */
import type { Command } from "commander";
import { addFilterOptions, type FilterFlags } from "./filter-options.ts";
import { addInterfaceOptions, type InterfaceFlags } from "./interface-options.ts";
import { list, number, optionAdder, seconds, size } from "./option-adder.ts";
import { addUserOption, type UserFlags } from "./user-option.ts";

export interface WatchFlags extends FilterFlags, InterfaceFlags, UserFlags {
  trigger?: string[];
  before?: number;
  after?: number;
  max?: number;
  write?: string;
  historySize?: number;
  incidentSize?: number;
  fileSize?: number;
  keepIncidents?: number;
  keepSize?: number;
  onIncident?: string;
  metrics?: string;
  config?: string;
  duration?: number;
  reattach?: false;
  report?: false;
  json?: true;
  quiet?: true;
  verbose?: true;
}

const WATCH = "Watch:";
const INCIDENTS = "Incidents:";
const CAPTURE = "Capture:";
const OUTPUT = "Output:";

export function addWatchOptions(command: Command): Command {
  const add = optionAdder(command);
  add(
    WATCH,
    "--trigger <rule>",
    "begins an incident: 20000/s, 'syn > 5k/s for 2s'; repeatable, any of them does",
    list,
  );
  add(WATCH, "--before <time>", "packets of so long before are in it; default 10s", seconds);
  add(WATCH, "--after <time>", "it is over when no rule has held for so long; default 10s", seconds);
  add(WATCH, "--max <time>", "it lasts at most so long; default 5m", seconds);
  add(
    WATCH,
    "--history-size <size>",
    "memory for the packets before; default 64Mi, or half of --incident-size",
    size(1),
  );
  add(WATCH, "--config <file>", "YAML with these options; SIGHUP reads the rules in it again");
  add(WATCH, "--duration <time>", "stop after that time: seconds, or 500ms, 5m, 1h", seconds);
  add(INCIDENTS, "-w, --write <directory>", "where each incident makes a directory of its own");
  add(
    INCIDENTS,
    "--incident-size <size>",
    "most bytes of an incident, for which packets are sampled; default 1G",
    size(1),
  );
  add(INCIDENTS, "--file-size <size>", "an incident goes on in another file then; default 256M", size(1));
  add(INCIDENTS, "--keep-incidents <n>", "keep n incidents: the oldest finished ones are removed", number);
  add(INCIDENTS, "--keep-size <size>", "keep so many bytes of incidents: 20G", size(1));
  add(INCIDENTS, "--on-incident <program>", "run it at the beginning and the end of each, JSON on its standard input");
  add(INCIDENTS, "--no-report", "make no page of each incident");
  addInterfaceOptions(add, CAPTURE);
  addUserOption(add, CAPTURE);
  add(CAPTURE, "--no-reattach", "give up the privileges to attach again, and end when an interface goes away");
  addFilterOptions(command);
  add(OUTPUT, "--metrics <address:port>", "answer Prometheus there; a port alone is one of this host");
  add(OUTPUT, "--json", "a JSON object for each event on standard output, and one at the end");
  add(OUTPUT, "-q, --quiet", "of messages only warnings and errors");
  add(OUTPUT, "-v, --verbose", "also say what is decided on the way");
  return command
    .argument("[expression...]", "pcap-filter expression")
    .usage("[options] --trigger <rule> -w <directory> [expression...]");
}
