import type { Command } from "commander";
import type { RingcapCommand } from "../command.ts";
import { DONE, NO_COLOR, USAGE } from "../command-manual.ts";

export const doctorCommand: RingcapCommand = {
  name: "doctor",
  summary: "say what this host can do, what is missing, and what mends it",
  examples: [
    { command: "ringcap doctor", comment: "what this host lacks, and what mends it" },
    { command: "sudo ringcap doctor", comment: "what root can do, where the first says that rights are missing" },
    { command: "ringcap doctor --json", comment: "the same as data" },
    { command: "ringcap doctor > /dev/null && ringcap -c 1", comment: "a capture only where one can work" },
  ],
  manual: {
    description: `The report says for the kernel, the rights of the process, each interface and each kind of capture whether it works here, what
is missing, and which command mends it.`,
    exitStatus: [DONE, ["1", "No capture can work here."], USAGE],
    environment: [NO_COLOR],
    seeAlso: ["capture", "capabilities(7)"],
  },
  addOptions: (command: Command) => command.option("--json", "as a JSON object"),
  async run(flags: { json?: true }) {
    const { runDoctor } = await import("../doctor-command.ts");
    return runDoctor({ json: flags.json ?? false });
  },
};
