/** Decides which command runs, and how the process ends. */
import { CommanderError } from "commander";
import { runCommand } from "./command.ts";
import { splitCommand } from "./command-words.ts";
import { exitCodeOf, WRONG_USAGE } from "./exit-codes.ts";
import { closeLostTerminals } from "./lost-terminals.ts";
import { sayError } from "./messages.ts";
import { askAboutNearCommand, checkHelp, nestedHelp } from "./near-command.ts";
import { Program } from "./program.ts";
import { writeByMessages } from "./program-output.ts";
import { flushStandardStreams } from "./standard-streams.ts";
import { nothingLeftToStop } from "./stop-signals.ts";
import { beforeGivingUp } from "./user-option.ts";

/** Runs the command of the words. @returns the exit code */
async function main(given: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Program(async (command, values) => {
    exitCode = await runCommand(command, values, words);
  }, writeByMessages);
  const { names } = program;
  const words = splitCommand(
    given,
    names.filter((name) => name !== "capture"),
  );
  checkHelp(words.own, names);
  const [first = "-"] = words.own;
  if (!first.startsWith("-") && !names.includes(first) && first !== "help")
    askAboutNearCommand(first, [...names, "help"]);
  // The parser dispatches help by itself, without a word to the program.
  if (first === "help") program.declareAll();
  const asked = nestedHelp(words.own, (command) => program.ownNames(command));
  await program.root.parseAsync(asked, { from: "user" });
  return exitCode;
}

/** Runs the command of the process, and ends the process. @param keepCode see load-program.ts */
export async function run(keepCode: () => void): Promise<void> {
  closeLostTerminals();
  beforeGivingUp(keepCode);
  try {
    process.exitCode = await main(process.argv.slice(2));
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
