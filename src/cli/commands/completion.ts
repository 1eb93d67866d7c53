import type { Command } from "commander";
import type { RingcapCommand } from "../command.ts";
import { DONE, FAILED, USAGE } from "../command-manual.ts";
import { DescribedArgument } from "../option-adder.ts";
import { words } from "../option-values.ts";

export const completionCommand: RingcapCommand = {
  name: "completion",
  summary: "print the completion of ringcap's words for a shell",
  examples: [
    { command: "source <(ringcap completion bash)", comment: "in the bash that runs" },
    {
      command: "ringcap completion bash > ~/.local/share/bash-completion/completions/ringcap",
      comment: "in each bash that has the package bash-completion",
    },
    {
      command: "ringcap completion zsh > /usr/local/share/zsh/site-functions/_ringcap",
      comment: "in each zsh with compinit, or in another directory of $fpath",
    },
    { command: "ringcap completion fish > ~/.config/fish/completions/ringcap.fish", comment: "in each fish" },
  ],
  notes:
    "The directories must be there. For all users, /usr/share/bash-completion/completions and /usr/share/fish/vendor_completions.d are the places.",
  manual: {
    description: `The output is a program for the shell. With it, the Tab key completes commands, options, interfaces, hooks, TCP flags, files
with the extensions that a command reads, users and processes.`,
    exitStatus: [DONE, FAILED, USAGE],
    seeAlso: ["bash(1)", "zshcompsys(1)", "fish(1)"],
  },
  addOptions: (command: Command) =>
    command.addArgument(
      new DescribedArgument("<shell>", "bash, zsh or fish", { values: words("bash", "zsh", "fish") }),
    ),
  async run(shell: string) {
    const { runCompletion } = await import("../completion-command.ts");
    return runCompletion(shell);
  },
};
