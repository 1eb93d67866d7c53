import type { RingcapCommand } from "../command.ts";
import { DONE, FAILED, USAGE } from "../command-manual.ts";
import type { CommandWords } from "../command-words.ts";
import {
  addExtcapInstallOptions,
  addExtcapOptions,
  addExtcapRunOptions,
  type ExtcapFlags,
  type ExtcapRunFlags,
} from "../extcap-options.ts";

const install: RingcapCommand = {
  name: "install",
  summary: "put ringcap's interfaces into Wireshark's list",
  examples: [
    { command: "sudo ringcap extcap install", comment: "for all users of this host" },
    { command: "sudo ringcap extcap install --grant wireshark", comment: "and the members of that group may capture" },
    { command: "ringcap extcap install", comment: "for this user, with a Wireshark after 4.0" },
    {
      command: "ringcap extcap install --directory ~/.local/lib/wireshark/extcap",
      comment: "into a folder by its name",
    },
  ],
  manual: {
    description: `A shell script is written into the folder in which Wireshark looks for capture programs, extcap(4). Root writes into the folder for
all users, and another user into its own.

With --grant, /usr/lib/ringcap/extcap is made besides, a program with CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON that only root and the
group may run. It runs ringcap for Wireshark and nothing else. The members of the group see the packets of all interfaces, and
can drop them.`,
    exitStatus: [DONE, FAILED, USAGE],
    seeAlso: ["extcap", "extcap-status", "wireshark(1)", "capabilities(7)"],
  },
  addOptions: addExtcapInstallOptions,
  async run(flags: ExtcapFlags) {
    const { runExtcapInstall } = await import("../extcap-command.ts");
    return runExtcapInstall(flags);
  },
};

const remove: RingcapCommand = {
  name: "remove",
  summary: "take them out of it, and the right to capture from the group",
  examples: [
    { command: "sudo ringcap extcap remove", comment: "for all users, and what install --grant gave" },
    { command: "ringcap extcap remove", comment: "for this user" },
    { command: "ringcap extcap remove --json", comment: "what was removed, as data" },
    { command: "ringcap extcap remove --directory ~/.local/lib/wireshark/extcap", comment: "out of one folder" },
  ],
  manual: {
    description: `The script is removed from all folders in which Wireshark looks, and the program that install --grant made. A file that
ringcap did not write stays.`,
    exitStatus: [DONE, FAILED, USAGE],
    seeAlso: ["extcap", "extcap-install"],
  },
  addOptions: addExtcapOptions,
  async run(flags: ExtcapFlags) {
    const { runExtcapRemove } = await import("../extcap-command.ts");
    return runExtcapRemove(flags);
  },
};

const status: RingcapCommand = {
  name: "status",
  summary: "say whether they are in the list, and by which right this user captures",
  examples: [
    { command: "ringcap extcap status", comment: "of this user" },
    { command: "sudo ringcap extcap status", comment: "of root" },
    { command: "ringcap extcap status --json", comment: "the same as data" },
    { command: "ringcap extcap status --directory ~/.local/lib/wireshark/extcap", comment: "of one folder" },
  ],
  manual: {
    description: `Each way to capture is tried: as root, by the program of install --grant, and by sudo without a password.`,
    exitStatus: [
      DONE,
      ["1", "Wireshark does not show ringcap's interfaces, or this user may not capture with them."],
      USAGE,
    ],
    seeAlso: ["extcap", "extcap-install", "doctor"],
  },
  addOptions: addExtcapOptions,
  async run(flags: ExtcapFlags) {
    const { runExtcapStatus } = await import("../extcap-command.ts");
    return runExtcapStatus(flags);
  },
};

const run: RingcapCommand = {
  name: "run",
  summary: "what Wireshark calls by the launcher; not to be typed",
  examples: [
    {
      command: "ringcap extcap run --extcap-interface ringcap-eth0-xdp --extcap-capture-filter 'tcp port 80'",
      comment: "prints nothing where the filter is right",
    },
    {
      command: "ringcap extcap run --capture --extcap-interface ringcap-eth0-xdp --fifo /tmp/packets --port 80",
      comment: "captures into a named pipe, once somebody reads it",
    },
    {
      command: "ringcap extcap run --capture --extcap-interface ringcap-eth0-tc --fifo /tmp/packets --process",
      comment: "both directions, each packet with its process",
    },
    { command: "ringcap extcap run --rights", comment: "by its exit code, whether this user may capture" },
  ],
  manual: {
    description: `Wireshark gives the options, and shows what is written to standard error when the capture ends. The capture ends at SIGTERM,
when nobody reads the named pipe any more, and when Wireshark has gone.`,
    exitStatus: [DONE, FAILED, USAGE],
    seeAlso: ["extcap", "capture", "extcap(4)"],
  },
  addOptions: addExtcapRunOptions,
  async run(flags: ExtcapRunFlags, words: CommandWords) {
    const { runExtcap } = await import("../extcap-run.ts");
    return runExtcap(flags, words.own.slice(2));
  },
};

export const extcapCommand: RingcapCommand = {
  name: "extcap",
  summary: "capture with ringcap in Wireshark and tshark",
  examples: [
    { command: "sudo ringcap extcap install", comment: "for all users of this host" },
    { command: "ringcap extcap status", comment: "whether it works, and what is missing" },
    { command: "sudo ringcap extcap install --grant wireshark", comment: "and the members of that group may capture" },
    { command: "sudo ringcap extcap remove", comment: "takes it away" },
  ],
  manual: {
    description: `In Wireshark each interface of the host stands twice: for XDP, and for both directions at TC. Ports, TCP flags, sampling, the snapshot
length, processes and dropping are options there, and the capture filter runs in the kernel.`,
    exitStatus: [DONE, FAILED, USAGE],
    seeAlso: ["capture", "wireshark(1)", "tshark(1)"],
  },
  commands: [install, remove, status, run],
};
