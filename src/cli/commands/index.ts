/** The table of all commands, in the order in which the help lists them. A new command is added here. */
import type { Example, RingcapCommand } from "../command.ts";
import { captureCommand } from "./capture.ts";
import { compileCommand } from "./compile.ts";
import { completionCommand } from "./completion.ts";
import { connectionsCommand } from "./connections.ts";
import { doctorCommand } from "./doctor.ts";
import { exportCommand } from "./export.ts";
import { extcapCommand } from "./extcap.ts";
import { fleetCommand } from "./fleet.ts";
import { queryCommand } from "./query.ts";
import { replayCommand } from "./replay.ts";
import { reportCommand } from "./report.ts";
import { sendCommand } from "./send.ts";
import { serviceCommand } from "./service.ts";
import { topCommand } from "./top.ts";
import { verifyCommand } from "./verify.ts";
import { watchCommand } from "./watch.ts";

export const COMMANDS: readonly RingcapCommand[] = [
  captureCommand,
  watchCommand,
  topCommand,
  replayCommand,
  reportCommand,
  exportCommand,
  queryCommand,
  fleetCommand,
  verifyCommand,
  compileCommand,
  connectionsCommand,
  sendCommand,
  serviceCommand,
  doctorCommand,
  extcapCommand,
  completionCommand,
];

/** The examples of `ringcap help`. */
export const PROGRAM_EXAMPLES: readonly Example[] = [
  {
    command: "ringcap -i eth0 --port 80 --tcp-flags 'syn,!ack' -w syn.pcap",
    comment: "SYNs to and from port 80, for Wireshark",
  },
  {
    command: "ringcap watch -i eth0 --trigger '8x above 5000/s' -w /var/lib/ringcap",
    comment: "the last packets in memory, and on disk once a flood begins",
  },
  { command: "ringcap report syn.pcap", comment: "what happened in a capture file" },
  { command: "ringcap doctor", comment: "what this host lacks, and what mends it" },
];
