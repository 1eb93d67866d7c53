/** The hints about options of other programs, whose form says how they are followed. */
import type { ForeignOption } from "../../../src/cli/foreign-options.ts";
import type { HintRow } from "./row.ts";

/** What the user puts in the place of words. */
const FILL = {
  "<packets>": "5",
  "<seconds>": "1",
  "<file>": "expression",
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
};

/** How the hints of each form are followed, with RINGCAP for the command as it was called. */
const FORMS: readonly (readonly [form: RegExp, follow: string])[] = [
  [/^leave it out$/, "RINGCAP"],
  [/^type (\S+ \S+) or (.*)$/, "RINGCAP $1 && RINGCAP $2"],
  [/^type (.*)$/, "RINGCAP $1"],
  [/^(?:split it|add it|take them out) afterwards: (.*)$/, "$1"],
  [/^add (.*), or for tshark's types (.*)$/, "RINGCAP $1 && RINGCAP $2"],
  [/^add (.*)$/, "RINGCAP $1"],
  [/^put it at the end: (.*)$/, "echo tcp >expression; RINGCAP $1"],
  [/^(chmod g\+r) it afterwards$/, "RINGCAP -w out.pcap && $1 out.pcap"],
  [/^run the program behind it: ringcap (.*)$/, "RINGCAP $1"],
  [/^read the file with (.*)$/, "$1"],
  [/^(ringcap .*) shows the other program$/, "$1 tcp"],
  [/^(ringcap -D) lists them$/, "$1"],
  [/^(ringcap compile .*)$/, "$1"],
  [/; (ringcap doctor) says which are missing$/, "$1"],
];
/** The device that it takes is none that a test can make. */
const UNTRIED = "capture with tcpdump -I";
const AT_CAPTURE = "ringcap -i v0 --duration 0.05";
const AT_REPLAY = "ringcap replay in.pcap -c 5";

/** What follows the hint of each of its letters, at a capture and at a replay. */
export function foreignFollowUps({ flags, instead, insteadOfFiles = instead }: ForeignOption): HintRow[] {
  if (instead === UNTRIED) return [];
  const name = flags.replace(/[, ].*/, "");
  const word = flags.includes("<") ? `${name} 1` : name;
  return [
    { hint: instead, command: AT_CAPTURE },
    { hint: insteadOfFiles, command: AT_REPLAY },
  ].map(({ hint, command }) => {
    const [take, follow] = FORMS.find(([form]) => form.test(hint)) ?? [];
    if (take === undefined || follow === undefined) throw new Error(`nothing says how to follow "${hint}"`);
    return { hint, when: `${command} ${word}`, take, fill: FILL, follow: follow.replaceAll("RINGCAP", command) };
  });
}
