/** Where the parser of the command line writes its help and its refusals. */
import type { Command } from "commander";
import { printableMessage } from "../outputs/index.ts";
import { print, say } from "./messages.ts";

export function writeByMessages(root: Command): void {
  root.configureOutput({
    writeOut: print,
    writeErr: (text) => say(text.trimEnd()),
    outputError: (text, write) => write(`ringcap: ${printableMessage(text.trimEnd())}`),
  });
}
