import type { RingcapCommand } from "../command.ts";
import { addConnectionsOptions, type ConnectionsFlags } from "../connections-options.ts";

export const connectionsCommand: RingcapCommand = {
  name: "connections",
  summary: "show TCP connections with their process, user, lifetime and end",
  examples: [
    { command: "ringcap connections --port 443", comment: "a line for each connection that ends" },
    { command: "ringcap connections --comm nginx --events", comment: "every change of state of one program's" },
    {
      command: "ringcap connections --duration 1m -q --summary process",
      comment: "which processes had how many connections in a minute",
    },
    { command: "ringcap connections --half-open --port 80,443", comment: "what waits half open, as in a SYN flood" },
  ],
  addOptions: addConnectionsOptions,
  async run(flags: ConnectionsFlags) {
    const { runConnections } = await import("../connections-command.ts");
    return runConnections(flags);
  },
};
