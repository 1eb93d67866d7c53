/**
 * Options that people type to commands other than capture: letters of tcpreplay and ss, and of ringcap's other
 * commands.
 */
import type { ForeignOption } from "./foreign-options.ts";

const OTHER_NAME = "it has another name";
const NO_NAMES: ForeignOption = { flags: "-n", why: "names are never looked up", instead: "leave it out" };

const REPLAY: readonly ForeignOption[] = [
  { flags: "-r, --read <file>", why: "the file has no letter", instead: "type ringcap replay <file>" },
  {
    flags: "-i, --interface <name>",
    why: "a file is replayed",
    instead: "to send its frames, type ringcap send <file> -i <interface>; to capture, ringcap -i <interface>",
  },
];

/** Letters of tcpreplay(1). */
const SEND: readonly ForeignOption[] = [
  { flags: "--intf1 <name>", why: OTHER_NAME, instead: "type -i <name>" },
  {
    flags: "-I, --intf2 <name>",
    why: "frames go to one interface",
    instead: "make two files, and send each by itself",
  },
  { flags: "-t", why: OTHER_NAME, instead: "type --topspeed" },
  { flags: "-p <rate>", why: OTHER_NAME, instead: "type --pps <rate>" },
  { flags: "-M, --mbps <rate>", why: "a rate is in frames", instead: "type --pps <frames a second>" },
  { flags: "-x <factor>", why: OTHER_NAME, instead: "type --multiplier <factor>" },
  { flags: "-l <times>", why: OTHER_NAME, instead: "type --loop <times>" },
  { flags: "-L, --limit <frames>", why: OTHER_NAME, instead: "type -c <frames>" },
  { flags: "-K, --preload-pcap", why: "--loop keeps frames in memory by itself", instead: "leave it out" },
  { flags: "--maxsleep <time>", why: OTHER_NAME, instead: "type --max-gap <time>" },
  { flags: "--listnics", why: OTHER_NAME, instead: "type ringcap -D" },
  NO_NAMES,
];

/** Letters of ss(8), and letters of a capture. */
const CONNECTIONS: readonly ForeignOption[] = [
  NO_NAMES,
  { flags: "-t", why: "all connections are of TCP", instead: "leave it out" },
  { flags: "-p", why: "processes are always shown", instead: "leave it out" },
  { flags: "-a", why: "connections of all states are looked at", instead: "type --events for every change of state" },
  { flags: "-l", why: "what listens is no connection", instead: "type --half-open for what waits at listeners" },
  { flags: "-w, --write <file>", why: "the lines go to standard output", instead: "type --json > <file>" },
  {
    flags: "-i, --interface <name>",
    why: "connections have no interface",
    instead: "type --net <list> with the networks of the interface",
  },
];

const COMPILE: readonly ForeignOption[] = [
  NO_NAMES,
  {
    flags: "-i, --interface <name>",
    why: "a program is for a link type",
    instead: "type --link-type <type>; ringcap -D lists those of interfaces",
  },
  { flags: "-r, --read <file>", why: "a program is for a link type", instead: "type --link-type <type of the file>" },
  { flags: "-s, --snapshot-length <n>", why: "no packet is cut here", instead: "leave it out" },
];

const REPORT: readonly ForeignOption[] = [
  NO_NAMES,
  { flags: "-r, --read <file>", why: "files have no letter", instead: "type ringcap report <file>" },
  {
    flags: "-w, --write <file>",
    why: "no packets are written",
    instead: "type -o report.html for the page",
  },
  {
    flags: "-i, --interface <name>",
    why: "a report is of files",
    instead: "type ringcap -i <interface> -w x.pcapng, and report that",
  },
];

const VERIFY: readonly ForeignOption[] = [
  { flags: "-u", why: OTHER_NAME, instead: "type --update" },
  { flags: "--json", why: OTHER_NAME, instead: "type --reporter json" },
  { flags: "-o, --output <file>", why: "the report goes to standard output", instead: "type > <file>" },
];

/** The options by the name of the command. */
export const FOREIGN_OPTIONS_OF: Readonly<Record<string, readonly ForeignOption[]>> = {
  replay: REPLAY,
  send: SEND,
  connections: CONNECTIONS,
  compile: COMPILE,
  report: REPORT,
  verify: VERIFY,
};
