import type { RingcapCommand } from "../command.ts";
import { BAD_INPUT, DONE, FAILED, SUDO, USAGE } from "../command-manual.ts";
import { addQueryOptions, type QueryFlags } from "../query-options.ts";

export const queryCommand: RingcapCommand = {
  name: "query",
  summary: "ask the tables of all hosts: SQL, or a ready question",
  examples: [
    {
      command: "ringcap query /srv/fleet --question hosts-hit --since 1h",
      comment: "the hosts with the highest rates of the last hour",
    },
    { command: "ringcap query /srv/fleet --question sources", comment: "the heaviest sources over all hosts" },
    {
      command: "ringcap query /srv/fleet \"SELECT count(*) FROM packets WHERE in_net(source, '192.0.2.0/24')\"",
      comment: "the packets of a network",
    },
    {
      command: 'ringcap query /srv/fleet --csv "SELECT * FROM seconds ORDER BY time"',
      comment: "comma-separated values",
    },
  ],
  notes: `The tables are packets, seconds, talkers, connections, incidents and events; each has the columns host and date, too.
ip('192.0.2.7') is an address, in_net(source, '192.0.2.0/24') asks for a network, and ip_text(source) is an address as text.`,
  manual: {
    description: `The question is put to DuckDB, which reads the directory and nothing else, and writes nothing. The npm package @duckdb/node-api
has to be installed beside ringcap. Addresses are shown as text wherever they are a column of the answer.

Run by root, the command becomes the owner of the directory before it parses a file, unless --user says otherwise.`,
    exitStatus: [DONE, FAILED, USAGE, BAD_INPUT],
    signals: [["SIGINT, SIGTERM, SIGHUP", "The question is given up."]],
    environment: [SUDO],
    seeAlso: ["export", "watch"],
  },
  addOptions: addQueryOptions,
  async run(directory: string, sql: string | undefined, flags: QueryFlags) {
    const { runQuery } = await import("../query-command.ts");
    return runQuery(directory, sql, flags);
  },
};
