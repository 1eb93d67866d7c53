/**
 * Refuses first words that begin no expression but are typed often. libpcap would call each of them a syntax error and
 * say no more.
 */
import { existsSync } from "node:fs";
import { wordError } from "../errors.ts";
import { EXPRESSION_WORDS } from "./near-command.ts";

const SAME_LETTERS_HINT = "leave it out: ringcap -nni <interface> 'tcp port 80' is typed as with tcpdump";

const INSTEAD: ReadonlyMap<string, string> = new Map([
  ...["tcpdump", "tshark", "dumpcap"].map((tool) => [tool, SAME_LETTERS_HINT] as const),
  ...["read", "open"].map((word) => [word, "type ringcap replay <file>"] as const),
  ...["list", "interfaces", "devices"].map((word) => [word, "type ringcap -D"] as const),
  ...["start", "run", "record", "dump", "sniff", "listen"].map((word) => [word, "type ringcap capture"] as const),
  ["version", "type ringcap --version"],
]);

/** Checks the first word. @throws RingcapError USAGE with a hint that says what to type */
export function explainFirstWord(word: string | undefined, isInterface = isInterfaceHere): void {
  if (word === undefined || EXPRESSION_WORDS.has(word)) return;
  if (isInterface(word))
    throw wordError(word, "this is the name of an interface, which begins no expression", `type -i ${word}`);
  const instead = INSTEAD.get(word.toLowerCase());
  if (instead === undefined) return;
  throw wordError(word, "no expression begins with it, and there is no such command", `${instead}`);
}

function isInterfaceHere(word: string): boolean {
  return /^[^./][^/]*$/.test(word) && existsSync(`/sys/class/net/${word}`);
}
