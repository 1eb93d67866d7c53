import type { RingcapCommand } from "../command.ts";
import { BAD_INPUT, DONE, FAILED, NO_COLOR, STOPPING, SUDO, USAGE } from "../command-manual.ts";
import { addReplayOptions, type ReplayFlags } from "../replay-options.ts";

export const replayCommand: RingcapCommand = {
  name: "replay",
  summary: "put the packets of a capture file through the filter of a capture",
  examples: [
    { command: "ringcap replay syn.pcap --host 192.0.2.7", comment: "the packets of one host, as lines" },
    {
      command: "ringcap replay big.pcapng.gz --port 443 --tcp-flags 'syn,!ack' -w syn.pcap",
      comment: "some packets of a file in a file of their own",
    },
    {
      command: "ringcap replay flood.pcap --port 80 --expect golden.pcap",
      comment: "in CI: exit code 4 where other packets match than before",
    },
    {
      command: "ringcap replay flood.pcapng --anonymize -w for-others.pcapng",
      comment: "a file for others, without addresses and payloads",
    },
  ],
  manual: {
    description: `The packets of a file go through the program that captures use, or through the same filter compiled for the host where
BPF may not be loaded. What matches is printed as lines, or written with -w: times, original lengths and the order are kept. Files
are pcap of any variant and pcapng, plain or in gzip, and are read in memory that does not grow with them.`,
    exitStatus: [DONE, FAILED, USAGE, BAD_INPUT, ["4", "The packets differ from those of --expect."]],
    signals: [STOPPING],
    environment: [NO_COLOR, SUDO, ["TZ", "The zone of the times in lines."]],
    seeAlso: ["verify", "report", "capture", "pcap-filter(7)", "editcap(1)"],
  },
  addOptions: addReplayOptions,
  async run(file: string, expression: string[], flags: ReplayFlags) {
    const { runReplay } = await import("../replay-command.ts");
    return runReplay(file, expression, flags);
  },
};
