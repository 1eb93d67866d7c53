import type { RingcapCommand } from "../command.ts";
import { DONE, FAILED, NO_COLOR, SUDO, USAGE } from "../command-manual.ts";
import { addTopOptions, type TopFlags } from "../top-options.ts";

export const topCommand: RingcapCommand = {
  name: "top",
  summary: "show the heaviest sources, destinations and ports, counted in the kernel",
  examples: [
    { command: "ringcap top -i eth0", comment: "source networks and destination ports, each second anew" },
    {
      command: "ringcap top -i eth0 --tcp-flags 'syn,!ack' --by src,dst+port --rows 20",
      comment: "who sends SYNs, and to which services",
    },
    {
      command: "ringcap top -i eth0 --interval 10s -c 6 --json > minute.jsonl",
      comment: "a minute in six JSON objects",
    },
    { command: "ringcap top -i any -Q inout 'not port 22'", comment: "both directions, without this session" },
  ],
  notes: "In a terminal, p, b and s sort by packets, bytes and SYNs, and q ends it.",
  manual: {
    description: `Every packet that matches is counted in the kernel by its keys, and none leaves it. A table of each kind of key is
printed for each interval: drawn anew in a terminal, one below the other elsewhere, and as a JSON object with --json.

Tables are bounded. What a table says of a key is at least what the key had, and MISSING/S is what it may have had more. In a flood, one
packet in eight is counted as eight; such tables are marked.`,
    exitStatus: [DONE, FAILED, USAGE],
    signals: [["SIGINT, SIGTERM, SIGHUP", "The end. What was counted until then is still shown."]],
    environment: [NO_COLOR, SUDO, ["TERM", "Tables are not drawn anew where it is dumb."]],
    seeAlso: ["watch", "capture", "pcap-filter(7)"],
  },
  addOptions: addTopOptions,
  async run(expression: string[], flags: TopFlags) {
    const { runTop } = await import("../top-command.ts");
    return runTop(expression, flags);
  },
};
