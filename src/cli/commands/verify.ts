import type { RingcapCommand } from "../command.ts";
import { DIFFERENCE, DONE, FAILED } from "../command-manual.ts";
import { addVerifyOptions, type VerifyFlags } from "../verify-options.ts";

export const verifyCommand: RingcapCommand = {
  name: "verify",
  summary: "replay the captures of suites and compare what comes out with what they expect",
  examples: [
    { command: "ringcap verify suites/*.json", comment: "all suites, with a line for each case" },
    { command: "ringcap verify suite.json --update", comment: "what comes out is what is expected from now on" },
    { command: "ringcap verify suite.json --reporter junit > junit.xml", comment: "for the pages of a CI server" },
    {
      command: "ringcap verify suite.json --engine user",
      comment: "without the kernel, where a CI server gives no rights",
    },
  ],
  manual: {
    description: `A suite is a JSON file with cases: a capture, filter options, and what must come out of them, as a number of packets, a golden
file or a hash. Each case is replayed as ringcap-replay(1) does it. schemas/suite.schema.json of the package describes suites.`,
    exitStatus: [
      DONE,
      FAILED,
      ["2", "An option cannot be honoured, on the command line or in a suite."],
      ["3", "A suite or a capture cannot be read or is broken."],
      DIFFERENCE,
    ],
    seeAlso: ["replay"],
  },
  addOptions: addVerifyOptions,
  async run(suites: string[], flags: VerifyFlags) {
    const { runVerify } = await import("../verify-command.ts");
    return runVerify(suites, flags);
  },
};
