/** The options of `ringcap watch`, in the order in which its help shows them. */
import type { Command } from "commander";
import { addFilterOptions, type FilterFlags } from "./filter-options.ts";
import { addInterfaceOptions, type InterfaceFlags } from "./interface-options.ts";
import { addNatsOptions, type NatsFlags } from "./nats-options.ts";
import { list, number, optionAdder, seconds, size } from "./option-adder.ts";
import { files } from "./option-values.ts";
import { addParquetOptions, type ParquetFlags } from "./parquet-options.ts";
import { addUserOption, type UserFlags } from "./user-option.ts";

export interface WatchFlags extends FilterFlags, InterfaceFlags, NatsFlags, ParquetFlags, UserFlags {
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
  publish?: string;
  subject?: string;
  spoolSize?: number;
  upload?: true;
  uploadRate?: number;
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
const PUBLISH = "Events for other hosts:";
const OUTPUT = "Output:";

export function addWatchOptions(command: Command): Command {
  const add = optionAdder(command);
  add(
    WATCH,
    "--trigger <rule>",
    "begins an incident: 20000/s, 'syn > 5k/s for 2s'; repeatable, any of them does",
    list,
    {
      details: `A rule is a rate ('bytes > 100M/s'), a rate of one key ('2000/s per src'), a multiple of what is usual at
      this hour of the week ('8x above 5000/s'), a ratio ('syn/synack > 5', with -Q inout), or what the kernel
      counts of listening sockets ('listen-overflows > 0/s'). 'for 2s' behind it asks that it holds without a
      pause. Kinds of packets are packets, bytes, ipv4, ipv6, tcp, udp, icmp, other-protocol, syn, synack, rst,
      fin, ack, other-tcp and fragments.`,
    },
  );
  add(WATCH, "--before <time>", "packets of so long before are in it; default 10s", seconds, {
    details: "What has no room within --history-size is forgotten, and counted.",
  });
  add(WATCH, "--after <time>", "it is over when no rule has held for so long; default 10s", seconds);
  add(WATCH, "--max <time>", "it lasts at most so long; default 5m", seconds, {
    details: "A rule that still holds begins the next incident only after it has let go for --after.",
  });
  add(
    WATCH,
    "--history-size <size>",
    "memory for the packets before; default 64Mi, or half of --incident-size",
    size(1),
    {
      details: "The memory is taken once, at the start.",
    },
  );
  add(WATCH, "--config <file>", "YAML with these options; SIGHUP reads the rules in it again", {
    values: files("yaml", "yml"),
    details: `Keys are called as the options, without --; triggers is the list of rules. An option that is given too
      comes before the file. A mistake in the file makes the exit status 3. A reload takes over triggers, after
      and max.`,
  });
  add(WATCH, "--duration <time>", "stop after that time: seconds, or 500ms, 5m, 1h", seconds);
  add(INCIDENTS, "-w, --write <directory>", "where each incident makes a directory of its own", {
    details: `It is made where it is not there. An incident has a directory of its own in it, which ends in .partial
      until it is whole, with capture.pcapng, incident.json, report.html and report.json. One watch has a
      directory at a time.`,
  });
  add(
    INCIDENTS,
    "--incident-size <size>",
    "most bytes of an incident, for which packets are sampled; default 1G",
    size(1),
    {
      details: `Where all packets would exceed it, the kernel records one in 2, 4, 8 and so on. All of them are counted.`,
    },
  );
  add(INCIDENTS, "--file-size <size>", "an incident goes on in another file then; default 256M", size(1));
  add(INCIDENTS, "--keep-incidents <n>", "keep n incidents: the oldest finished ones are removed", number);
  add(INCIDENTS, "--keep-size <size>", "keep so many bytes of incidents, and of --parquet: 20G", size(1), {
    details: "It is at least --incident-size. The tables of this host in --parquet may have as many bytes again.",
  });
  add(INCIDENTS, "--on-incident <program>", "run it at the beginning and the end of each, JSON on its standard input", {
    details: `Its argument is begin or end. It runs without a shell, as the user that the watch has become, and is ended
      after 60 s.`,
  });
  add(INCIDENTS, "--no-report", "make no page of each incident", {
    details: "A page takes up to 200 MiB of memory of another process, of the lowest priority.",
  });
  addInterfaceOptions(add, CAPTURE);
  addUserOption(add, CAPTURE);
  add(CAPTURE, "--no-reattach", "give up the privileges to attach again, and end when an interface goes away", {
    details: `Otherwise CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON are kept, and an interface that comes back is taken
      again.`,
  });
  addFilterOptions(command);
  add(PUBLISH, "--publish <url>", "send events to NATS JetStream: nats://host:4222, several with commas, or tls://", {
    details: `Events are the beginning and the end of an incident, its counts and top keys once a second, and once a minute how the
      watch is; never packets. They wait in unsent-events, in the directory of --write, until the server has them. It takes the
      npm packages @nats-io/transport-node and @nats-io/jetstream. docs/fleet.md has what is promised.`,
  });
  add(PUBLISH, "--subject <subject>", "of events; default ringcap.{host}.{event}");
  add(PUBLISH, "--spool-size <size>", "most bytes of events that wait; default 16Mi", size(1), {
    details: "Without room, counts and health go first, the oldest of them at first.",
  });
  add(PUBLISH, "--upload", "also put each incident into the object store of the server, once its report is there", {
    details: `It takes the npm package @nats-io/obj, too. ringcap fleet fetch brings an incident back. At the end of the watch what
      waits has 10 s; the next watch with the same --write and --upload sends the rest, or ringcap fleet upload.`,
  });
  add(PUBLISH, "--upload-rate <size>", "of --upload: the most bytes a second; default 10M", size(1));
  addNatsOptions(add, PUBLISH);
  add(OUTPUT, "--metrics <address:port>", "answer Prometheus there; a port alone is one of this host", {
    details: "GET /metrics is answered, without TLS and without a password.",
  });
  addParquetOptions(add, OUTPUT);
  add(OUTPUT, "--json", "a JSON object for each event on standard output, and one at the end");
  add(OUTPUT, "-q, --quiet", "of messages only warnings and errors");
  add(OUTPUT, "-v, --verbose", "also say what is decided on the way");
  return command
    .argument("[expression...]", "pcap-filter expression")
    .usage("[options] --trigger <rule> -w <directory> [expression...]");
}
