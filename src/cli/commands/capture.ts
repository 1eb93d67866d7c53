import { usageError } from "../../errors.ts";
import { addCaptureOptions, type CaptureFlags } from "../capture-options.ts";
import type { RingcapCommand } from "../command.ts";
import { BAD_INPUT, DIFFERENCE, DONE, FLUSHING, NO_COLOR, STOPPING, SUDO, TELLING, USAGE } from "../command-manual.ts";
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
  notes:
    "Behind -- stands a command: it is started once packets are captured, the capture ends with it, and its status is handed on.",
  behindSeparator: "program",
  manual: {
    description: `A BPF program at XDP or TC chooses packets in the kernel, by the filter options and by an expression of
pcap-filter(7), cuts each to the snapshot length and hands it over through a ring. Without -w, each packet is a line as
tcpdump(8) prints it; with -w, a capture file for Wireshark. Letters of tcpdump have tcpdump's meaning, and those that ringcap
does not have are refused with what to type instead.

Only what comes in is captured unless -Q says otherwise, and 128 bytes of each packet are kept unless -s says otherwise. A line on
standard error says when packets are being captured, at which hook and in which direction. Every packet that matched is counted,
also one that was lost: matched = sampledOut + rateLimited + ringDropped + overLimit + written + writeFailed.

Loading and attaching takes root, or CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON. Once everything is attached, all capabilities are
given up. ringcap-doctor(1) says what is missing. Nothing stays attached behind the process, however it ends.`,
    exitStatus: [
      DONE,
      ["1", "Something failed, or packets that matched were lost. A message on standard error says what."],
      USAGE,
      BAD_INPUT,
      DIFFERENCE,
      [
        "other",
        "With a command behind --, its status: 128 + n where signal n ended it, 127 where there is no such program, 126 where it cannot be executed.",
      ],
    ],
    signals: [
      STOPPING,
      [
        "SIGHUP",
        "The next file of a capture that rotates; otherwise the end. With a command behind --, signals go to it, and the capture ends with it.",
      ],
      TELLING,
      FLUSHING,
    ],
    environment: [NO_COLOR, SUDO, ["TZ", "The zone of the times in lines and in names of files."]],
    files: [
      ["NAME.partial", "A file of a capture that rotates, until it is whole. It can be read to its last packet."],
      ["/sys/class/net", "The interfaces of this host."],
    ],
    seeAlso: ["watch", "replay", "report", "doctor", "pcap-filter(7)", "tcpdump(8)", "wireshark(1)"],
  },
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
