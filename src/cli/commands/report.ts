import type { RingcapCommand } from "../command.ts";
import type { CommandWords } from "../command-words.ts";
import { addReportOptions, type ReportFlags } from "../report-options.ts";
import { wordsBehindSeparator } from "../report-words.ts";

export const reportCommand: RingcapCommand = {
  name: "report",
  summary: "say what happened in capture files: one page with a verdict, rates, evidence and files",
  examples: [
    { command: "ringcap report flood.pcapng", comment: "what happened, on the terminal" },
    {
      command: "ringcap report flood-*.pcapng.gz -o report.html",
      comment: "one page of a capture that has several files",
    },
    {
      command: "ringcap report /var/lib/ringcap/20261128T044309Z-5000-s",
      comment: "an incident of ringcap watch",
    },
    { command: "ringcap report flood.pcapng --json 'dst port 443'", comment: "as data, of some of the packets" },
  ],
  addOptions: addReportOptions,
  async run(named: string[], flags: ReportFlags, { own }: CommandWords) {
    const { runReport } = await import("../report-command.ts");
    return runReport(named, wordsBehindSeparator(own), flags);
  },
};
