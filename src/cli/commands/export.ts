import type { RingcapCommand } from "../command.ts";
import { BAD_INPUT, DONE, FAILED, SUDO, TELLING, USAGE } from "../command-manual.ts";
import type { CommandWords } from "../command-words.ts";
import { addExportOptions, type ExportFlags } from "../export-options.ts";
import { wordsBehindSeparator } from "../report-words.ts";

export const exportCommand: RingcapCommand = {
  name: "export",
  summary: "write capture files as Parquet tables, for questions in SQL over many hosts",
  examples: [
    { command: "ringcap export flood.pcapng --to /srv/fleet", comment: "the packets, their headers as columns" },
    {
      command: "ringcap export flood-*.pcapng --to /srv/fleet --host web1",
      comment: "files that come from another host",
    },
    {
      command: "ringcap export flood.pcapng --to /srv/fleet --table seconds tcp",
      comment: "what was counted of each second, of some of the packets",
    },
    {
      command: "ringcap export connections.jsonl --to /srv/fleet --table connections",
      comment: "what ringcap connections --json wrote",
    },
  ],
  notes: 'The words are files up to the first that is no file, and then the expression. "--" parts them too.',
  manual: {
    description: `Captures are read in the order of their first packets and in bounded memory, and become rows of a table: one file for each day,
below table=NAME/date=YYYY-MM-DD/host=NAME, which is how Hive parts a table. The columns are in docs/fleet.md and schemas/fleet.tables.json of the package.

The npm package hyparquet-writer has to be installed beside ringcap. A second export of the same packets is refused.`,
    exitStatus: [DONE, FAILED, USAGE, BAD_INPUT],
    signals: [["SIGINT, SIGTERM, SIGHUP", "The table has what was read until then."], TELLING],
    environment: [SUDO],
    files: [["NAME.parquet.partial", "A file of a table until it is complete and on the disk."]],
    seeAlso: ["query", "connections", "report"],
  },
  addOptions: addExportOptions,
  async run(named: string[], flags: ExportFlags, { own }: CommandWords) {
    const { runExport } = await import("../export-command.ts");
    return runExport(named, wordsBehindSeparator(own), flags);
  },
};
