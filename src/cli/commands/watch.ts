import type { RingcapCommand } from "../command.ts";
import { addWatchOptions, type WatchFlags } from "../watch-options.ts";

export const watchCommand: RingcapCommand = {
  name: "watch",
  summary: "keep the last packets in memory, and write them and what follows when a flood begins",
  examples: [
    {
      command:
        "ringcap watch -i eth0 --port 443 --tcp-flags 'syn,!ack' --trigger 20000/s --before 5s -w /var/lib/ringcap",
      comment: "the SYNs of the last 5 seconds, and what follows when they are more than 20000 a second",
    },
    {
      command: "ringcap watch -i eth0 --trigger 'syn > 5k/s for 2s' --trigger 'syn/synack > 5' -w /var/lib/ringcap",
      comment: "any of two rules begins an incident",
    },
    {
      command: "ringcap watch -i any --trigger '8x above 5000/s' --keep-size 20G --metrics 9477 -w /var/lib/ringcap",
      comment: "what is unusual on all interfaces, within 20 GB of disk, and numbers for Prometheus",
    },
    {
      command: "ringcap watch --config /etc/ringcap/watch.yaml --on-incident /usr/local/bin/page-somebody",
      comment: "the options are in a file, and a program is told of each incident",
    },
  ],
  addOptions: addWatchOptions,
  async run(expression: string[], flags: WatchFlags) {
    const { runWatch } = await import("../watch-command.ts");
    return runWatch(expression, flags);
  },
};
