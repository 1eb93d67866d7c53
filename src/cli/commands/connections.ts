import type { RingcapCommand } from "../command.ts";
import { DONE, NO_COLOR, USAGE } from "../command-manual.ts";
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
  manual: {
    description: `Each TCP connection of the host, containers included, is a line when it ends: its process, user and role, both ends, the bytes
that went each way, retransmissions, the round-trip time, how long it lasted and how it ended. It needs Linux 5.8 with BTF, and the
rights of a capture.`,
    exitStatus: [
      DONE,
      [
        "1",
        "Something failed, a table could not be written, or connections were lost, forgotten or missed. A warning says which.",
      ],
      USAGE,
    ],
    signals: [["SIGINT, SIGTERM, SIGHUP", "The end, with the summary."]],
    environment: [NO_COLOR],
    files: [["DIRECTORY/table=connections/date=<day>/host=<name>/<UTC>.parquet", "The table of --parquet."]],
    seeAlso: ["capture", "query", "ss(8)"],
  },
  addOptions: addConnectionsOptions,
  async run(flags: ConnectionsFlags) {
    const { runConnections } = await import("../connections-command.ts");
    return runConnections(flags);
  },
};
