import { usageError } from "../../errors.ts";
import { addCaptureOptions, type CaptureFlags } from "../capture-options.ts";
import type { RingcapCommand } from "../command.ts";
import type { CommandWords } from "../command-words.ts";
import { explainFirstWord } from "../first-word.ts";
import { toReplay } from "../read-file.ts";

export const captureCommand: RingcapCommand = {
  name: "capture",
  isDefault: true,
  summary: "capture packets (the default command)",
  examples: [
    {
      command: "ringcap -i eth0 --port 80 --tcp-flags 'syn,!ack' -w syn.pcap",
      comment: "SYNs to and from port 80, for Wireshark",
    },
    {
      command: "ringcap -i eth0 -Q inout 'tcp port 443 and net 10.0.0.0/8'",
      comment: "a line for each packet, of both directions",
    },
    {
      command: "ringcap -i any -w 'web-%Y%m%dT%H%M%S.pcapng.gz' -G 15m --keep-size 20G --port 80,443",
      comment: "a file for each quarter of an hour, and at most 20 GB of them",
    },
    {
      command: "ringcap -Q inout -s 0 -w test.pcap -- npm test",
      comment: "what comes and goes while a command runs",
    },
  ],
  addOptions: addCaptureOptions,
  async run(expression: string[], flags: CaptureFlags, { command }: CommandWords) {
    explainFirstWord(expression[0]);
    if (flags.read !== undefined) {
      if (command !== undefined) {
        throw usageError("-r", "does not go with a command behind --", "leave out one of them");
      }
      const { file, replayFlags } = toReplay(flags);
      const { runReplay } = await import("../replay-command.ts");
      return runReplay(file, expression, replayFlags);
    }
    const { runCapture } = await import("../capture-command.ts");
    return runCapture(expression, flags, command);
  },
};
