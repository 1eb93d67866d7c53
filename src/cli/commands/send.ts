import type { RingcapCommand } from "../command.ts";
import { BAD_INPUT, DONE, SUDO, USAGE } from "../command-manual.ts";
import { addSendOptions, type SendFlags } from "../send-options.ts";

export const sendCommand: RingcapCommand = {
  name: "send",
  summary: "send the frames of a capture file through an interface",
  examples: [
    { command: "ringcap send flood.pcap -i v0", comment: "with the gaps that the file has" },
    { command: "ringcap send flood.pcap -i v0 --pps 10000 --loop 0", comment: "10000 frames a second, until Ctrl-C" },
    {
      command: "ringcap send syn.pcap -i v0 --topspeed -c 1000000 --vary src-ip,src-port",
      comment: "a million frames as fast as it goes, each from another source",
    },
    { command: "ringcap send day.pcapng -i v0 --multiplier 10 --max-gap 1s", comment: "ten times as fast" },
  ],
  manual: {
    description: `Frames leave through the interface with the gaps that the times of the file tell, at a rate, or as fast as it goes. What the interface
did not take is counted with the reason. An interface of a default route is refused without --yes.`,
    exitStatus: [DONE, ["1", "Frames failed or were dropped, or the interface went away."], USAGE, BAD_INPUT],
    signals: [["SIGINT, SIGTERM, SIGHUP", "The end, with the counts."]],
    environment: [SUDO],
    seeAlso: ["capture", "tcpreplay(1)"],
  },
  addOptions: addSendOptions,
  async run(file: string, flags: SendFlags) {
    const { runSend } = await import("../send-command.ts");
    return runSend(file, flags);
  },
};
