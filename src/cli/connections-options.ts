/** The options of `ringcap connections`, in the order in which its help shows them. */
import type { Command } from "commander";
import type { ConnectionsOptions, SummaryKind } from "../connections/index.ts";
import { usageError } from "../errors.ts";
import { list, number, optionAdder, seconds, size } from "./option-adder.ts";
import { LIST, PROCESS_NAMES, PROCESSES, words } from "./option-values.ts";
import { addParquetOptions, checkParquet, type ParquetFlags } from "./parquet-options.ts";

export interface ConnectionsFlags extends ParquetFlags {
  port?: string[];
  host?: string[];
  net?: string[];
  ipv4?: true;
  ipv6?: true;
  pid?: string[];
  comm?: string[];
  namespace?: ConnectionsOptions["namespace"];
  count?: number;
  duration?: number;
  maxConnections?: number;
  bufferSize?: number;
  events?: true;
  details?: true;
  summary?: SummaryKind;
  halfOpen?: true;
  interval?: number;
  keepSize?: number;
  quiet?: true;
  json?: true;
}

const FILTERS = "Filter (kinds are ANDed, the entries of a list are ORed; @file reads a list from a file):";
const SESSION = "Session:";
const OUTPUT = "Output:";
/** Bytes: those of the file that is being written, and of one that is finished. */
const KEEP_SIZE_MIN = 64 << 20;

export function addConnectionsOptions(command: Command): Command {
  const add = optionAdder(command);
  add(FILTERS, "--port <list>", "local or remote port: 80,443,8000-8100", list, {
    values: LIST,
    details: "The kernel decides.",
  });
  add(FILTERS, "--host <list>", "local or remote address, IPv4 or IPv6", list, {
    values: LIST,
  });
  add(FILTERS, "--net <list>", "local or remote network: 10.0.0.0/8,2001:db8::/32", list, {
    values: LIST,
  });
  add(FILTERS, "-4, --ipv4", "IPv4 only");
  add(FILTERS, "-6, --ipv6", "IPv6 only");
  add(FILTERS, "--pid <list>", "process id", list, {
    values: PROCESSES,
  });
  add(FILTERS, "--comm <list>", "name of a process", list, {
    values: PROCESS_NAMES,
    details: "A name is that of /proc/<pid>/comm, which has at most 15 bytes.",
  });
  add(FILTERS, "--namespace <which>", "all, or own: only the network namespace of ringcap; default all", {
    values: words("all", "own"),
    details: "Containers have network namespaces of their own, and are shown with all.",
  });
  add(SESSION, "-c, --count <n>", "stop after n connections", number);
  add(SESSION, "--duration <time>", "stop after that time", seconds);
  add(SESSION, "--max-connections <n>", "connections remembered at a time; default 65536", number, {
    details: `A connection takes some 160 bytes. Beyond the number, those that were quiet for longest lose their start
      and owner; their ends are shown all the same.`,
  });
  add(SESSION, "-B, --buffer-size <MiB>", "of the ring between kernel and user space; default 8", number, {
    details: "Ends that find the ring full are counted, and make the exit status 1.",
  });
  add(OUTPUT, "--events", "every change of state, not ends alone");
  add(OUTPUT, "--details", "command line, parent, cgroup and container of the process", {
    details: "They are noted while the process runs.",
  });
  add(OUTPUT, "--summary <by>", "process or remote: counts, bytes and durations of each at the end", {
    values: words("process", "remote"),
    details: "The groups also have the ends of their connections and percentiles of the durations.",
  });
  add(
    OUTPUT,
    "--half-open",
    "instead of connections: what waits half open at each listener, looked at again and again",
    {
      details: `A line has the listener, its process, how many handshakes wait, how many connections wait to be accepted,
      and what was dropped.`,
    },
  );
  add(OUTPUT, "--interval <time>", "between two looks of --half-open; default 1 s", seconds);
  addParquetOptions(add, OUTPUT);
  add(OUTPUT, "--keep-size <size>", "keep so many bytes of this host's tables in --parquet: 20G", size(1), {
    details: "The oldest files are removed. A file has 32 MiB at most, so that it is at least 64Mi.",
  });
  add(OUTPUT, "-q, --quiet", "of messages only warnings and errors, and with --summary or --parquet no lines");
  add(OUTPUT, "--json", "one JSON object a line");
  return command;
}

/** Makes the options of the library. @throws RingcapError USAGE for combinations that cannot be honoured */
export function toConnectionsOptions(flags: ConnectionsFlags): ConnectionsOptions {
  if (flags.interval !== undefined) throw usageError("--interval", "goes with --half-open only");
  checkTables(flags);
  if (flags.summary !== undefined && flags.summary !== "process" && flags.summary !== "remote") {
    throw usageError("--summary", `"${flags.summary}" is neither process nor remote`);
  }
  if (flags.ipv4 && flags.ipv6) throw usageError("-4", "excludes -6");
  return {
    port: flags.port,
    host: flags.host,
    network: flags.net,
    ipVersion: flags.ipv4 ? 4 : flags.ipv6 ? 6 : undefined,
    pid: flags.pid,
    comm: flags.comm,
    namespace: flags.namespace,
    count: flags.count,
    duration: flags.duration,
    maxConnections: flags.maxConnections,
    bufferSize: flags.bufferSize,
    events: flags.events,
    details: flags.details,
  };
}

function checkTables(flags: ConnectionsFlags): void {
  checkParquet(flags);
  const { keepSize, parquet } = flags;
  if (keepSize === undefined) return;
  if (parquet === undefined)
    throw usageError("--keep-size", "it is for --parquet, which is not given", "add --parquet <directory>");
  if (keepSize < KEEP_SIZE_MIN)
    throw usageError("--keep-size", `${keepSize} bytes are less than the tables take`, "type 64Mi or more");
}
