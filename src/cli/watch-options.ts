/** The options of `ringcap watch`, in the order in which its help shows them. */
import type { Command } from "commander";
import { usageError } from "../errors.ts";
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
  json?: true;
  quiet?: true;
  verbose?: true;
}

const WATCH = "Watch:";
const INCIDENTS = "Incidents:";
const CAPTURE = "Capture:";
const OUTPUT = "Output:";

const EXAMPLE = `
Example:
  ringcap watch -i eth0 --port 443 --tcp-flags 'syn,!ack' --trigger 20000/s --before 5s -w /var/lib/ringcap
    keeps the SYNs of the last 5 seconds in memory, and writes them and what follows when they are more than 20000 a second
`;

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
  addInterfaceOptions(add, CAPTURE);
  addUserOption(add, CAPTURE);
  add(CAPTURE, "--no-reattach", "give up the privileges to attach again, and end when an interface goes away");
  addFilterOptions(command);
  add(OUTPUT, "--json", "a JSON object for each event on standard output, and one at the end");
  add(OUTPUT, "-q, --quiet", "of messages only warnings and errors");
  add(OUTPUT, "-v, --verbose", "also say what is decided on the way");
  return command
    .argument("[expression...]", "pcap-filter expression")
    .usage("[options] --trigger <rule> -w <directory> [expression...]")
    .addHelpText("after", EXAMPLE);
}

export interface WatchSettings {
  readonly triggers: readonly string[];
  readonly directory: string;
  readonly before: number;
  readonly after: number;
  readonly longest: number;
  readonly historySize: number;
  readonly size: number;
  readonly splitSize: number;
  readonly keepIncidents: number | undefined;
  readonly keepSize: number | undefined;
}

const MEBIBYTE = 1 << 20;
/** A batch of a capture has 2 MiB at most. */
const HISTORY_MIN = 4 * MEBIBYTE;
const HISTORY_DEFAULT = 64 * MEBIBYTE;
const HISTORY_MAX = 4096 * MEBIBYTE;
const SIZE_MIN = MEBIBYTE;
const HOUR = 3600;

/** @throws RingcapError USAGE for what is missing, and for numbers that cannot be honoured */
export function toWatchSettings(flags: WatchFlags): WatchSettings {
  const { trigger: triggers = [], write: directory } = flags;
  if (triggers.length === 0) throw usageError("--trigger", "no rule is given", "add one: --trigger 20000/s");
  if (directory === undefined) throw usageError("-w", "no directory is given", "add one: -w incidents");
  if (directory === "" || directory === "-") throw usageError("-w", `"${directory}" is no directory`, "name one");
  const size = between("--incident-size", flags.incidentSize ?? 1e9, 2 * HISTORY_MIN, Number.MAX_SAFE_INTEGER, "bytes");
  const historyMost = Math.min(HISTORY_MAX, Math.floor(size / 2));
  const historySize = flags.historySize ?? Math.min(HISTORY_DEFAULT, historyMost);
  const settings = {
    triggers,
    directory,
    before: between("--before", flags.before ?? 10, 0, HOUR, "seconds"),
    after: between("--after", flags.after ?? 10, 0.1, HOUR, "seconds"),
    longest: between("--max", flags.max ?? 300, 1, 24 * HOUR, "seconds"),
    historySize: between("--history-size", historySize, HISTORY_MIN, historyMost, "bytes"),
    size,
    splitSize: between("--file-size", flags.fileSize ?? 256e6, SIZE_MIN, Number.MAX_SAFE_INTEGER, "bytes"),
    keepIncidents: flags.keepIncidents,
    keepSize: flags.keepSize,
  };
  const { keepIncidents, keepSize } = settings;
  if (keepIncidents !== undefined && !(Number.isInteger(keepIncidents) && keepIncidents > 0)) {
    throw usageError("--keep-incidents", `"${keepIncidents}" is not a whole number above 0`);
  }
  if (keepSize !== undefined && keepSize < size) {
    const hint = `one incident has up to ${size} bytes: keep more, or lower --incident-size`;
    throw usageError("--keep-size", `${keepSize} bytes are less than one incident may have`, hint);
  }
  return settings;
}

function between(option: string, value: number, least: number, most: number, unit: string): number {
  if (value >= least && value <= most) return value;
  throw usageError(option, `${value} ${unit} are not between ${least} and ${most}`);
}
