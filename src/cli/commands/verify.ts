import type { RingcapCommand } from "../command.ts";
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
  addOptions: addVerifyOptions,
  async run(suites: string[], flags: VerifyFlags) {
    const { runVerify } = await import("../verify-command.ts");
    return runVerify(suites, flags);
  },
};
