#!/usr/bin/env node
/** The command line: which command runs, and how the process ends. */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { type ErrorCode, RingcapError } from "../errors.ts";
import { runCapture } from "./capture-command.ts";
import { addCaptureOptions, type CaptureFlags } from "./capture-options.ts";
import { runDoctor } from "./doctor-command.ts";
import { print, say, sayError } from "./messages.ts";

const WRONG_USAGE = 2;
const EXIT_CODES: Partial<Record<ErrorCode, number>> = { USAGE: WRONG_USAGE, INPUT: 3 };

function version(): string {
  const description: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return (description as { version: string }).version;
}

async function main(): Promise<number> {
  let exitCode = 0;
  const program = new Command("ringcap")
    .description("Captures packets with eBPF: filters in the kernel, writes .pcap files for Wireshark.")
    .version(version(), "-V, --version")
    .configureOutput({
      writeOut: print,
      writeErr: (text) => say(text.trimEnd()),
      outputError: (text, write) => write(`ringcap: ${text}`),
    })
    .exitOverride();
  addCaptureOptions(program.command("capture", { isDefault: true }))
    .description("capture packets (the default command)")
    .action(async (expression: string[], flags: CaptureFlags) => {
      exitCode = await runCapture(expression, flags);
    });
  program
    .command("doctor")
    .description("say what this host can do, what is missing, and what mends it")
    .option("--json", "as a JSON object")
    .action((flags: { json?: true }) => {
      exitCode = runDoctor({ json: flags.json ?? false });
    });
  await program.parseAsync();
  return exitCode;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof CommanderError) {
    // It has said what is wrong; help and version end this way too.
    process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE;
  } else {
    sayError(error);
    process.exitCode = error instanceof RingcapError ? (EXIT_CODES[error.code] ?? 1) : 1;
  }
}
