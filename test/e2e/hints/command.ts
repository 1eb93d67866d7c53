/** Hints about the command behind `--`. */
import type { HintRow } from "./row.ts";

export const commandHints: readonly HintRow[] = [
  {
    hint: "type ringcap -i <interface> -w <file> -- <command>",
    when: "ringcap -i v0 --",
    take: /type (.*)/,
    fill: { "<interface>": "v0", "<file>": "out.pcap", "<command>": "true" },
    follow: "$1",
  },
  {
    hint: "what stands behind -- is a command; an expression stands in front of it",
    when: "ringcap -i v0 -- tcp port 80",
    follow: "ringcap -i v0 tcp port 80 -- true",
  },
  {
    hint: "write a file or a named pipe",
    when: "ringcap -i v0 -w - -- true",
    follow: "ringcap -i v0 -w out.pcap -- true",
  },
  {
    hint: "--user names the user that it runs as, and `findmnt -o options -T` shows noexec",
    when: "printf '#!/bin/sh\\n' >tool; chmod 0700 tool; ringcap -i v0 --user nobody -- ./tool",
    take: /(--user) names/,
    follow: "ringcap -i v0 $1 none -- ./tool",
  },
  {
    hint: "put it behind --",
    when: "ringcap -i v0 --only-command",
    follow: "ringcap -i v0 --only-command -- true",
  },
];
