import type { RingcapCommand } from "../command.ts";
import { DONE, FAILED, USAGE } from "../command-manual.ts";
import { addCompileOptions, type CompileFlags } from "../compile-options.ts";

export const compileCommand: RingcapCommand = {
  name: "compile",
  summary: "show what becomes of an expression and of the filter options: classic BPF, eBPF, checks",
  examples: [
    { command: "ringcap compile --port 80 'tcp[tcpflags] & tcp-syn != 0'", comment: "all that is decided" },
    { command: "ringcap compile -d 'tcp port 80'", comment: "the classic BPF alone, as tcpdump -d prints it" },
    {
      command: "ringcap compile --link-type RAW 'host 192.0.2.7'",
      comment: "for a tunnel, whose packets have no Ethernet header",
    },
    { command: "ringcap compile -v --json 'icmp6'", comment: "as data, with what the kernel's verifier says" },
  ],
  manual: {
    description: `Nothing is captured. The output says when a packet matches, as which classic BPF libpcap compiles the expression, and as which eBPF
it runs at the hook. Mistakes in an expression are shown where they are.`,
    exitStatus: [DONE, FAILED, USAGE],
    seeAlso: ["capture", "pcap-filter(7)", "tcpdump(8)"],
  },
  addOptions: addCompileOptions,
  async run(expression: string[], flags: CompileFlags) {
    const { runCompile } = await import("../compile-command.ts");
    return runCompile(expression, flags);
  },
};
