import type { RingcapCommand } from "../command.ts";
import { BAD_INPUT, DONE, NO_COLOR, SUDO, TELLING, USAGE } from "../command-manual.ts";
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
  notes: 'The words are files up to the first that is no file, and then the expression. "--" parts them too.',
  manual: {
    description: `Files are read once, in the order of their packets and in bounded memory. The report has a verdict and what it rests on, rates
over time, evidence of spoofed sources, fingerprints with filters that choose exactly their packets, the heaviest addresses and
ports, how the target answered, and how complete the capture is. Without -o it is text for the terminal. Nothing of it needs
rights or a network.

A directory is an incident of ringcap-watch(1). A file that is broken is reported up to the fault.`,
    exitStatus: [DONE, ["1", "The report could not be written."], USAGE, BAD_INPUT],
    signals: [["SIGINT, SIGTERM, SIGHUP", "The report is of what was read until then, and says so."], TELLING],
    environment: [NO_COLOR, SUDO],
    files: [["NAME.partial", "A file of -o until it is whole."]],
    seeAlso: ["watch", "replay", "capinfos(1)"],
  },
  addOptions: addReportOptions,
  async run(named: string[], flags: ReportFlags, { own }: CommandWords) {
    const { runReport } = await import("../report-command.ts");
    return runReport(named, wordsBehindSeparator(own), flags);
  },
};
