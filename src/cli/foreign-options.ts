/** Options of tcpdump, dumpcap and tshark that ringcap does not have: each is refused with what to type instead. */
import { type Command, Option } from "commander";
import { usageError } from "../errors.ts";

export interface ForeignOption {
  /** The option in the notation of commander. */
  readonly flags: string;
  readonly why: string;
  /** The text that says what to type. */
  readonly instead: string;
  /** The text that says what to type where a file is read, if it differs. */
  readonly insteadOfFiles?: string;
}

const ONE_FILE = "a replay writes one file";
const SPLIT_BY_TIME_HINT = "split it afterwards: editcap -i <seconds> in.pcap out.pcap";
const DISPLAY_FILTER = "filters of Wireshark's display are for tshark";

export const FOREIGN_OPTIONS: readonly ForeignOption[] = [
  // tcpdump
  { flags: "--relinquish-privileges <user>", why: "it has another name", instead: "type --user <user>" },
  { flags: "-F <file>", why: "an expression is not read from a file", instead: 'put it at the end: "$(cat <file>)"' },
  { flags: "-L, --list-data-link-types", why: "an interface has one link type", instead: "ringcap -D lists them" },
  { flags: "-y, --linktype <type>", why: "the interface says the link type", instead: "leave it out" },
  { flags: "-j, --time-stamp-type <type>", why: "the kernel stamps packets", instead: "leave it out" },
  { flags: "-J, --list-time-stamp-types", why: "the kernel stamps packets", instead: "leave it out" },
  { flags: "-d", why: "capture shows no program", instead: "ringcap compile -d [expression]" },
  { flags: "-I, --monitor-mode", why: "Wi-Fi in monitor mode cannot be captured", instead: "capture with tcpdump -I" },
  {
    flags: "-E <algorithm>",
    why: "nothing is decrypted",
    instead: "read the file with tcpdump -E <algorithm> -r in.pcap",
  },
  {
    flags: "-M <secret>",
    why: "signatures of TCP are not checked",
    instead: "read the file with tcpdump -M <secret> -r in.pcap",
  },
  {
    flags: "-T <type>",
    why: "no packet is printed as another protocol",
    instead: "add -w - | tcpdump -T <type> -r -, or for tshark's types -w - | tshark -r - -T <type>",
  },
  { flags: "-N", why: "names are never looked up", instead: "leave it out" },
  { flags: "-O", why: "libpcap's optimiser always runs", instead: "ringcap compile -O shows the other program" },
  { flags: "-H", why: "802.11s mesh headers are not looked for", instead: "leave it out" },
  {
    flags: "--immediate-mode",
    why: "packets come when they are there with -U",
    instead: "type -U",
    insteadOfFiles: "leave it out",
  },
  {
    flags: "--print",
    why: "a capture writes a file or prints lines",
    instead: "add -w - | tee x.pcap | tcpdump -nr -",
  },
  { flags: "--number", why: "the number of the packet has a letter", instead: "type -#" },
  { flags: "--nano", why: "it has another name", instead: "type --time-stamp-precision nano" },
  { flags: "--micro", why: "it has another name", instead: "type --time-stamp-precision micro" },
  { flags: "--dont-verify-checksums", why: "it has a letter", instead: "type -K" },
  { flags: "--absolute-tcp-sequence-numbers", why: "it has a letter", instead: "type -S" },
  { flags: "--lengths", why: "no line begins with lengths", instead: "leave it out" },
  { flags: "--snaplen <length>", why: "it has another name", instead: "type --snapshot-length <length>" },
  { flags: "--interfaces", why: "it has a letter", instead: "ringcap -D lists them" },
  { flags: "-u", why: "nothing is decoded of NFS", instead: "leave it out" },
  {
    flags: "-m <module>",
    why: "nothing is decoded of SNMP",
    instead: "read the file with tcpdump -m <module> -r in.pcap",
  },
  { flags: "-o <preference>", why: "preferences are tshark's", instead: "add -w - | tshark -r - -o <preference>" },
  { flags: "-2", why: "a capture is read once", instead: "add -w - | tshark -r -" },
  { flags: "--capture-comment <text>", why: "it has another name", instead: "type -w x.pcapng --comment <text>" },
  {
    flags: "--skip <count>",
    why: "no packet is skipped",
    instead: "take them out afterwards: editcap in.pcap out.pcap 1-<count>",
  },
  // dumpcap and tshark
  {
    flags: "-a, --autostop <condition>",
    why: "each condition is an option, and -W <files> keeps so many files and goes on",
    instead: "type --duration <seconds> or -c <packets>",
    insteadOfFiles: "type -c <packets>",
  },
  {
    flags: "-b, --ring-buffer <condition>",
    why: "each condition is an option",
    instead: "add -w x.pcap -C <size> -G <seconds> --rotate-packets <packets> -W <files>",
    insteadOfFiles: SPLIT_BY_TIME_HINT,
  },
  {
    flags: "-f <expression>",
    why: "the expression has no letter",
    instead: "put it at the end: 'tcp port 80'",
  },
  { flags: "-g", why: "a capture file is for its owner alone", instead: "chmod g+r it afterwards" },
  { flags: "-P", why: "pcap is what is written", instead: "leave it out" },
  { flags: "-Y <filter>", why: DISPLAY_FILTER, instead: "add -w - | tshark -r - -Y <filter>" },
  { flags: "-R <filter>", why: DISPLAY_FILTER, instead: "add -w - | tshark -r - -Y <filter>" },
  { flags: "-k", why: "it starts at once", instead: "leave it out" },
];

/** The options for commands that read a file. */
export const FOREIGN_OPTIONS_OF_FILES: readonly ForeignOption[] = [
  ...FOREIGN_OPTIONS.map((option) => ({ ...option, instead: option.insteadOfFiles ?? option.instead })),
  {
    flags: "-C, --rotate-size <size>",
    why: ONE_FILE,
    instead: "split it afterwards: editcap -c <packets> in.pcap out.pcap",
  },
  { flags: "-G, --rotate-every <seconds>", why: ONE_FILE, instead: SPLIT_BY_TIME_HINT },
  { flags: "-W, --keep-files <files>", why: ONE_FILE, instead: SPLIT_BY_TIME_HINT },
  {
    flags: "-z, --on-file <program>",
    why: ONE_FILE,
    instead: "run the program behind it: ringcap replay in.pcap -w x.pcap && gzip x.pcap",
  },
];

/** Adds the options that the command does not have itself, each with a refusal. They are not in the command's help. */
export function refuseForeignOptions(command: Command, foreign: readonly ForeignOption[] = FOREIGN_OPTIONS): void {
  const known = new Set(command.options.flatMap(({ short, long }) => [short, long]));
  for (const { flags, why, instead } of foreign) {
    const option = new Option(flags.replace("<", "[").replace(">", "]")).hideHelp();
    const names = [option.short, option.long].filter((name) => name !== undefined);
    if (names.some((name) => known.has(name))) continue;
    command.addOption(option);
    const named = names.join(", ");
    command.on(`option:${option.name()}`, () => {
      throw usageError(named, why, instead);
    });
  }
}
