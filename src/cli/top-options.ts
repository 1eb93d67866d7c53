/** The options of `ringcap top`, in the order in which its help shows them. */
import type { Command } from "commander";
import type { CaptureOptions } from "../capture/index.ts";
import { usageError } from "../errors.ts";
import { TRAFFIC_KEYS, type TrafficKey } from "../packets/index.ts";
import { addFilterOptions, type FilterFlags, toFilterOptions } from "./filter-options.ts";
import { list, number, optionAdder, seconds } from "./option-adder.ts";
import { INTERFACE, wordList, words } from "./option-values.ts";
import { addUserOption, type UserFlags } from "./user-option.ts";

export interface TopFlags extends FilterFlags, UserFlags {
  interface?: string[];
  direction?: CaptureOptions["direction"];
  hook?: CaptureOptions["hook"];
  promiscuous?: true;
  by?: string[];
  rows?: number;
  interval?: number;
  count?: number;
  duration?: number;
  json?: true;
  quiet?: true;
}

const COUNTS = "Counts:";
const CAPTURE = "Capture:";
const OUTPUT = "Output:";
const BY_DEFAULT = "src-net,dst-port";
/** Rows of a table where no terminal says how many fit. */
export const ROWS_DEFAULT = 10;
const ROWS_MAX = 200;
const INTERVAL_MIN = 0.1;
const INTERVAL_MAX = 3600;

export function addTopOptions(command: Command): Command {
  const add = optionAdder(command);
  add(COUNTS, "--by <list>", `of src, src-net, dst, dst-port and dst+port; default ${BY_DEFAULT}`, list, {
    values: wordList(...TRAFFIC_KEYS),
    details: `src-net is the /24 of an IPv4 source, or the /48 of an IPv6 one; dst+port is an address with its port.
      Each kind has a table of its own, which takes 328 kB for each CPU.`,
  });
  add(COUNTS, "--interval <time>", "between two tables; default 1 s", seconds, {
    details: "It is between 0.1 s and an hour. Each table is of its interval alone.",
  });
  add(COUNTS, "--rows <n>", `of each table; default ${ROWS_DEFAULT}, and in a terminal what fits`, number);
  add(COUNTS, "-c, --count <n>", "stop after n tables", number);
  add(COUNTS, "--duration <time>", "stop after that time: seconds, or 500ms, 5m, 1h", seconds);
  add(CAPTURE, "-i, --interface <name>", "repeatable; any: all that are up; default: that of the default route", list, {
    values: { ...INTERFACE, words: ["any"] },
  });
  add(CAPTURE, "-Q, --direction <way>", "in, out or inout; default in", {
    values: words("in", "out", "inout"),
    details: "out and inout are counted at TC.",
  });
  add(CAPTURE, "--hook <hook>", "auto, xdp, xdp-native, xdp-generic or tc; default auto", {
    values: words("auto", "xdp", "xdp-native", "xdp-generic", "tc"),
  });
  add(CAPTURE, "--promiscuous", "also packets for others; undone at the end, whatever ends it");
  addUserOption(add, CAPTURE);
  addFilterOptions(command);
  add(OUTPUT, "--json", "a JSON object for each interval");
  add(OUTPUT, "-q, --quiet", "of messages only warnings and errors");
  return command.argument("[expression...]", "pcap-filter expression").usage("[options] [expression...]");
}

export interface TopSettings {
  readonly options: CaptureOptions;
  /** Seconds. */
  readonly interval: number;
  /** Undefined: not said. */
  readonly rows: number | undefined;
  readonly count: number;
}

/** @throws RingcapError USAGE for numbers that cannot be honoured */
export function toTopSettings(flags: TopFlags, expression: readonly string[]): TopSettings {
  const { interval = 1, rows, count = Number.POSITIVE_INFINITY } = flags;
  if (!(interval >= INTERVAL_MIN && interval <= INTERVAL_MAX)) {
    throw usageError("--interval", `${interval} s are not between ${INTERVAL_MIN} s and ${INTERVAL_MAX} s`);
  }
  if (rows !== undefined && !(Number.isInteger(rows) && rows >= 1 && rows <= ROWS_MAX)) {
    throw usageError("--rows", `"${rows}" is not a whole number from 1 to ${ROWS_MAX}`);
  }
  if (!(count >= 1) || (flags.count !== undefined && !Number.isInteger(count))) {
    throw usageError("--count", `"${count}" is not a whole number above 0`);
  }
  const keys = (flags.by ?? [BY_DEFAULT]).flatMap((text) => text.split(",")) as TrafficKey[];
  const { interface: interfaces, direction, hook, promiscuous, duration } = flags;
  const filter = toFilterOptions(flags, expression);
  return {
    options: { interfaces, direction, hook, promiscuous, duration, filter, counts: { keys }, records: false },
    interval,
    rows,
    count,
  };
}
