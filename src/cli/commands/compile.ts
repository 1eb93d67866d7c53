import type { RingcapCommand } from "../command.ts";
import { addCompileOptions, type CompileFlags } from "../compile-options.ts";

export const compileCommand: RingcapCommand = {
  name: "compile",
  summary: "show what becomes of an expression and of the filter options: classic BPF, eBPF, checks",
  examples: [
    { command: "ringcap compile --port 80 'tcp[tcpflags] & tcp-syn != 0'", comment: "all that is decided" },
    { command: "ringcap compile -d 'tcp port 80'", comment: "the classic BPF alone, as tcpdump -d prints it" },
    { command: "ringcap compile --link-type RAW --hook tc 'vlan 7'", comment: "for an interface without Ethernet" },
    { command: "ringcap compile -v --json 'icmp6'", comment: "as data, with what the kernel's verifier says" },
  ],
  addOptions: addCompileOptions,
  async run(expression: string[], flags: CompileFlags) {
    const { runCompile } = await import("../compile-command.ts");
    return runCompile(expression, flags);
  },
};
