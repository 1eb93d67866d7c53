/** The hints about options of other programs, whose form says how they are followed. */
import { FOREIGN_OPTIONS, FOREIGN_OPTIONS_OF_FILES, type ForeignOption } from "../../../src/cli/foreign-options.ts";
import { FOREIGN_OPTIONS_OF } from "../../../src/cli/foreign-options-of-commands.ts";
import type { HintRow } from "./row.ts";

/** What the user puts in the place of words. */
const FILL = {
  "<packets>": "5",
  "<size>": "1",
  "<files>": "2",
  "<seconds>": "1",
  "<length>": "64",
  "<filter>": "tcp",
  "<preference>": "ip.defragment:FALSE",
  "<count>": "2",
  "<module>": "/dev/null",
  "<algorithm>": "des3-cbc:secret",
  "<secret>": "secret",
  "<text>": "text",
  "tcpdump -T <type>": "tcpdump -T snmp",
  "-T <type>": "-T json",
  "[expression]": "tcp",
  "ringcap -i <interface>": "ringcap -i v0 --duration 0.05",
  "<interface>": "v0",
  "<name>": "v0",
  "<user>": "nobody",
  "<rate>": "1000",
  "<frames a second>": "1000",
  "<factor>": "2",
  "<times>": "2",
  "<frames>": "2",
  "<time>": "1",
  "<list>": "192.0.2.0/24",
  "--link-type <type>": "--link-type EN10MB",
  "<type of the file>": "EN10MB",
  "report <file>": "report in.pcap",
  "replay <file>": "replay in.pcap",
  "send <file>": "send in.pcap",
  "<file>": "expression",
};

/** How the hints of each form are followed, with RINGCAP for the command as it was called. */
const FORMS: readonly (readonly [form: RegExp, follow: string])[] = [
  [/^leave it out$/, "RINGCAP"],
  [/^type (ringcap .*), and report that$/, "$1 && ringcap report x.pcapng"],
  [/^type (ringcap .*)$/, "$1"],
  [/^type (-o \S+) for the page$/, "RINGCAP $1"],
  [/^to send its frames, type (.*); to capture, (.*)$/, "$1 && $2"],
  [/^make two files, and send each by itself$/, "RINGCAP && RINGCAP"],
  [/^type (.*); (ringcap -D) lists .*$/, "RINGCAP $1 && $2"],
  [/^type (--\S+(?: \S+)?) (?:for|with) .*$/, "RINGCAP $1"],
  [/^type (--duration \S+) or (.*)$/, "ringcap -i v0 $1 && RINGCAP $2"],
  [/^type (\S+ \S+) or (.*)$/, "RINGCAP $1 && RINGCAP $2"],
  [/^type (.*)$/, "RINGCAP $1"],
  [/^(?:split it|add it|take them out) afterwards: (.*)$/, "$1"],
  [/^add (.*), or for tshark's types (.*)$/, "RINGCAP $1 && RINGCAP $2"],
  [/^add (.*)$/, "RINGCAP $1"],
  [/^put it at the end: (.*)$/, "echo tcp >expression; RINGCAP $1"],
  [/^(chmod g\+r) it afterwards$/, "RINGCAP -w out.pcap && $1 out.pcap"],
  [/^run the program behind it: (ringcap .*)$/, "$1"],
  [/^read the file with (.*)$/, "$1"],
  [/^(ringcap .*) shows the other program$/, "$1 tcp"],
  [/^(ringcap -D) lists them$/, "$1"],
  [/^(ringcap compile .*)$/, "$1"],
  [/; (ringcap doctor) says which are missing$/, "$1"],
];
/** The device that it takes is none that a test can make. */
export const UNTRIED = "capture with tcpdump -I";
const AT_CAPTURE = "ringcap -i v0 --duration 0.05";
/** By the name of the command. What is mounted goes with the mounts that `ip netns exec` makes. */
const COMMANDS: Readonly<Record<string, string>> = {
  replay: "ringcap replay in.pcap -c 5",
  send: "ringcap send in.pcap -i v0 -c 2",
  connections: "mkdir -p groups && mount -t cgroup2 none groups && ringcap connections --duration 0.05",
  compile: "ringcap compile tcp",
  report: "ringcap report in.pcap",
  verify: "ringcap verify --engine user fixtures/suite.json",
};

function followUp({ instead }: ForeignOption, command: string): HintRow {
  const [take, follow] = FORMS.find(([form]) => form.test(instead)) ?? [];
  if (take === undefined || follow === undefined) throw new Error(`nothing says how to follow "${instead}"`);
  return {
    hint: instead,
    take,
    fill: FILL,
    follow: follow.replaceAll("RINGCAP", command),
  };
}

/**
 * What follows the hints of all options of other programs, by the command and the option. That they are said is
 * what test/unit/cli/foreign-options.test.ts and wrong-usage.test.ts beside it show.
 */
export const foreignHints: readonly (readonly [command: string, flags: string, row: HintRow])[] = [
  ...FOREIGN_OPTIONS.map((option) => ["capture", option, AT_CAPTURE] as const),
  ...FOREIGN_OPTIONS_OF_FILES.map((option) => ["replay", option, COMMANDS.replay ?? ""] as const),
  ...Object.entries(FOREIGN_OPTIONS_OF).flatMap(([name, options]) =>
    options.map((option) => [name, option, COMMANDS[name] ?? ""] as const),
  ),
]
  .filter(([, { instead }]) => instead !== UNTRIED)
  .map(([name, option, command]) => [name, option.flags, followUp(option, command)]);
