import type { RingcapCommand } from "../command.ts";
import { DONE, FAILED, USAGE } from "../command-manual.ts";

export const fleetCommand: RingcapCommand = {
  name: "fleet",
  isHidden: true,
  summary: "the events of many hosts, which their watches publish",
  examples: [],
  manual: {
    description: "The commands of many hosts: docs/fleet.md of the package has what they promise.",
    exitStatus: [DONE, FAILED, USAGE],
    seeAlso: ["watch", "query"],
  },
  commands: [],
};
