import type { RingcapCommand } from "../command.ts";
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
  addOptions: addTopOptions,
  async run(expression: string[], flags: TopFlags) {
    const { runTop } = await import("../top-command.ts");
    return runTop(expression, flags);
  },
};
