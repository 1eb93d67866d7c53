/** Decides which command runs, and how the process ends. */
import { Command, CommanderError } from "commander";
import { usageError } from "../errors.ts";
import { printableMessage, ringcapVersion } from "../outputs/index.ts";
import { addCaptureOptions, type CaptureFlags } from "./capture-options.ts";
import { type CommandWords, splitCommand } from "./command-words.ts";
import { addCompileOptions, type CompileFlags } from "./compile-options.ts";
import { addConnectionsOptions, type ConnectionsFlags } from "./connections-options.ts";
import { exitCodeOf, WRONG_USAGE } from "./exit-codes.ts";
import { explainFirstWord } from "./first-word.ts";
import { closeLostTerminals } from "./lost-terminals.ts";
import { print, say, sayError } from "./messages.ts";
import { askAboutNearCommand, checkHelp } from "./near-command.ts";
import { toReplay } from "./read-file.ts";
import { addReplayOptions, type ReplayFlags } from "./replay-options.ts";
import { addReportOptions, type ReportFlags } from "./report-options.ts";
import { wordsBehindSeparator } from "./report-words.ts";
import { addSendOptions, type SendFlags } from "./send-options.ts";
import { flushStandardStreams } from "./standard-streams.ts";
import { nothingLeftToStop } from "./stop-signals.ts";
import { addTopOptions, type TopFlags } from "./top-options.ts";
import { addVerifyOptions, type VerifyFlags } from "./verify-options.ts";
import { addWatchOptions, type WatchFlags } from "./watch-options.ts";
import { sayWhatToType } from "./wrong-usage.ts";

const EXAMPLES = `
Examples:
  ringcap -i eth0 --port 80 --tcp-flags 'syn,!ack' -w syn.pcap     SYNs to and from port 80, for Wireshark
  ringcap -i eth0 -Q inout 'tcp port 443 and net 10.0.0.0/8'       a line per packet, both directions
  ringcap -Q inout -s 0 -w test.pcap -- npm test                   what comes and goes while a command runs
  ringcap -r syn.pcap --host 192.0.2.7                             the packets of a file
  ringcap doctor                                                   what this host lacks, and what mends it
`;

function commandNames(program: Command): string[] {
  return program.commands.map((command) => command.name());
}

/** Runs the command. Each command loads only what it needs, so that a capture starts without waiting for the others. */
async function main(): Promise<number> {
  let exitCode = 0;
  let words: CommandWords = { own: [], command: undefined };
  const program = new Command("ringcap")
    .description("Captures packets with eBPF: filters in the kernel, writes .pcap and .pcapng files for Wireshark.")
    .version(ringcapVersion(), "-V, --version")
    .addHelpText("before", EXAMPLES.trimStart())
    .configureOutput({
      writeOut: print,
      writeErr: (text) => say(text.trimEnd()),
      outputError: (text, write) => write(`ringcap: ${printableMessage(text.trimEnd())}`),
    })
    .exitOverride();
  addCaptureOptions(program.command("capture", { isDefault: true }))
    .description("capture packets (the default command)")
    .action(async (expression: string[], flags: CaptureFlags) => {
      if (process.argv[2] === expression[0]) askAboutNearCommand(expression[0], commandNames(program));
      explainFirstWord(expression[0]);
      if (flags.read !== undefined) {
        if (words.command !== undefined)
          throw usageError("-r", "does not go with a command behind --", "leave out one of them");
        const { file, replayFlags } = toReplay(flags);
        const { runReplay } = await import("./replay-command.ts");
        exitCode = await runReplay(file, expression, replayFlags);
        return;
      }
      const { runCapture } = await import("./capture-command.ts");
      exitCode = await runCapture(expression, flags, words.command);
    });
  addWatchOptions(program.command("watch"))
    .description("keep the last packets in memory, and write them and what follows when a flood begins")
    .action(async (expression: string[], flags: WatchFlags) => {
      const { runWatch } = await import("./watch-command.ts");
      exitCode = await runWatch(expression, flags);
    });
  addTopOptions(program.command("top"))
    .description("show the heaviest sources, destinations and ports, counted in the kernel")
    .action(async (expression: string[], flags: TopFlags) => {
      const { runTop } = await import("./top-command.ts");
      exitCode = await runTop(expression, flags);
    });
  addReplayOptions(program.command("replay"))
    .description("put the packets of a capture file through the filter of a capture")
    .action(async (file: string, expression: string[], flags: ReplayFlags) => {
      const { runReplay } = await import("./replay-command.ts");
      exitCode = await runReplay(file, expression, flags);
    });
  addReportOptions(program.command("report"))
    .description("say what happened in capture files: one page with a verdict, rates, evidence and files")
    .action(async (named: string[], flags: ReportFlags) => {
      const { runReport } = await import("./report-command.ts");
      exitCode = await runReport(named, wordsBehindSeparator(words.own), flags);
    });
  addVerifyOptions(program.command("verify"))
    .description("replay the captures of suites and compare what comes out with what they expect")
    .action(async (suites: string[], flags: VerifyFlags) => {
      const { runVerify } = await import("./verify-command.ts");
      exitCode = await runVerify(suites, flags);
    });
  addCompileOptions(program.command("compile"))
    .description("show what becomes of an expression and of the filter options: classic BPF, eBPF, checks")
    .action(async (expression: string[], flags: CompileFlags) => {
      const { runCompile } = await import("./compile-command.ts");
      exitCode = runCompile(expression, flags);
    });
  addConnectionsOptions(program.command("connections"))
    .description("show TCP connections with their process, user, lifetime and end")
    .action(async (flags: ConnectionsFlags) => {
      const { runConnections } = await import("./connections-command.ts");
      exitCode = await runConnections(flags);
    });
  addSendOptions(program.command("send"))
    .description("send the frames of a capture file through an interface")
    .action(async (file: string, flags: SendFlags) => {
      const { runSend } = await import("./send-command.ts");
      exitCode = await runSend(file, flags);
    });
  program
    .command("doctor")
    .description("say what this host can do, what is missing, and what mends it")
    .option("--json", "as a JSON object")
    .action(async (flags: { json?: true }) => {
      const { runDoctor } = await import("./doctor-command.ts");
      exitCode = runDoctor({ json: flags.json ?? false });
    });
  sayWhatToType(program);
  const others = commandNames(program).filter((name) => name !== "capture");
  words = splitCommand(process.argv.slice(2), others);
  checkHelp(words.own, commandNames(program));
  await program.parseAsync(words.own, { from: "user" });
  return exitCode;
}

/** Runs the command of the process, and ends the process. */
export async function run(): Promise<void> {
  closeLostTerminals();
  try {
    process.exitCode = await main();
  } catch (error) {
    if (error instanceof CommanderError) {
      // The parser has printed what is wrong. Help and version end in this way too.
      process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE;
    } else {
      sayError(error);
      process.exitCode = exitCodeOf(error);
    }
  }
  nothingLeftToStop();
  const isWritten = await flushStandardStreams();
  // The process is ended explicitly. If Node.js ended by itself, it would give signals their default action back first,
  // and a further signal would become the exit code.
  process.exit(isWritten ? process.exitCode : process.exitCode || 1);
}
