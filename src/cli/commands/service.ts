import type { RingcapCommand } from "../command.ts";
import { BAD_INPUT, DONE, FAILED, USAGE } from "../command-manual.ts";
import { addCheckOptions, addUnitOptions, type ServiceFlags } from "../service-options.ts";

const unitCommand: RingcapCommand = {
  name: "unit",
  summary: "print a unit of systemd, with no more rights than the command needs",
  examples: [
    {
      command:
        "ringcap service unit --name web -- watch -i lo --port 443 --trigger 20000/s --keep-size 20G -w incidents",
      comment: "a watch, whose incidents are in the directory of the service",
    },
    {
      command: "ringcap service unit --name all -- capture -i any -C 100 -W 20 -w all.pcap",
      comment: "a capture that keeps 20 files of 100 MB",
    },
    {
      command: "ringcap service unit --name tcp -- connections --json",
      comment: "the ends of all TCP connections, in the journal",
    },
    {
      command: "ringcap service unit --name web --user www-data -- watch -i lo --trigger 1k/s -w incidents",
      comment: "as a user who is there already",
    },
  ],
  manual: {
    description: `The unit is printed, and nothing is installed. The command behind -- is read as ringcap itself reads it: watch, capture with
rotation, or connections. Its words are quoted as systemd takes them.

The service has the capabilities that the options of the command take and no others, a user that systemd makes for each start, and a
directory of its own, in which relative paths of -w are. Files that it reads have absolute paths that its user may read.`,
    exitStatus: [DONE, FAILED, USAGE, BAD_INPUT],
    files: [
      ["/etc/systemd/system/ringcap-NAME.service", "Where the unit belongs."],
      ["/var/lib/ringcap/NAME", "The directory of the service."],
    ],
    seeAlso: ["service", "watch", "systemd.service(5)", "systemd.exec(5)"],
  },
  behindSeparator: "ringcap",
  addOptions: addUnitOptions,
  async run(words: string[], flags: ServiceFlags) {
    const { runServiceUnit } = await import("../service-command.ts");
    return runServiceUnit(words, flags);
  },
};

const checkCommand: RingcapCommand = {
  name: "check",
  summary: "run the command as its unit would, until it is ready, and say what it lacks",
  examples: [
    {
      command: "ringcap service check --name web -- watch -i lo --port 443 --trigger 20000/s -w incidents",
      comment: "whether the watch of this unit would begin",
    },
    {
      command: "ringcap service check --json --name web -- watch -i lo --trigger 20000/s -w incidents",
      comment: "the answer as data",
    },
    {
      command: "ringcap service check --name tcp -- connections --json",
      comment: "whether connections can be followed with so few rights",
    },
    {
      command: "ringcap service check --name all -- capture --hook packet -C 100 -W 20 -w all.pcap",
      comment: "whether packets can be captured without BPF",
    },
  ],
  manual: {
    description: `Where systemd runs, the command is started as a unit that is removed afterwards. Elsewhere it is started in a mount namespace,
with the user, the capabilities and the mounts of the unit, and a note names the settings that were not tried. The check ends as soon as the
command is ready. Otherwise it leaves out one restriction of the unit after the other, and says which one is too narrow.`,
    exitStatus: [
      ["0", "The command was ready."],
      ["1", "It was not. Messages on standard error say why."],
      USAGE,
      BAD_INPUT,
    ],
    seeAlso: ["service", "watch", "unshare(1)", "setpriv(1)"],
  },
  behindSeparator: "ringcap",
  addOptions: addCheckOptions,
  async run(words: string[], flags: ServiceFlags) {
    const { runServiceCheck } = await import("../service-command.ts");
    return runServiceCheck(words, flags);
  },
};

export const serviceCommand: RingcapCommand = {
  name: "service",
  summary: "run a watch, a capture or connections as a service of systemd",
  examples: [...unitCommand.examples.slice(0, 2), ...checkCommand.examples.slice(0, 2)],
  manual: {
    description: `Units are for commands that run until they are stopped. The files of a service are in /var/lib/ringcap/NAME.`,
    exitStatus: [DONE, FAILED, USAGE],
    seeAlso: ["watch", "capture", "connections", "systemctl(1)"],
  },
  commands: [unitCommand, checkCommand],
};
