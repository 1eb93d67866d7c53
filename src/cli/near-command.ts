/** Refuses a first word that is nearly the name of a command, because it would be compiled as an expression. */
import { wordError } from "../errors.ts";
import { nearest } from "../options/index.ts";

/** The words with which an expression begins by pcap-filter(7), and which are no misspelt commands. */
export const EXPRESSION_WORDS: ReadonlySet<string> = new Set(
  `type dir proto host net port portrange src dst ra ta addr1 addr2 addr3 addr4 ether fddi tr wlan ip ip6 arp rarp decnet tcp
  udp icmp icmp6 igmp igrp pim ah esp vrrp sctp gateway less greater broadcast multicast lat moprc mopdl iso clnp esis isis
  vlan mpls pppoed pppoes geneve llc atalk aarp sca ipx netbeui stp atm ppp slip link not inbound outbound ifname on rnr
  reason action`.split(/\s+/),
);
const SHORTEST_WORD = 3;

/** Checks the first word. @throws RingcapError USAGE that asks whether the near command was meant */
export function askAboutNearCommand(word: string | undefined, commands: readonly string[]): void {
  if (word === undefined || word.length < SHORTEST_WORD || EXPRESSION_WORDS.has(word)) return;
  const near = nearest(word, commands);
  if (near === undefined) return;
  throw wordError(
    word,
    "there is no such command",
    `did you mean "ringcap ${near}"? An expression goes behind "ringcap capture"`,
  );
}

/**
 * Checks the word behind "help".
 *
 * @param words the words of the command line
 * @param asked how help of a command is asked for
 * @throws RingcapError USAGE where help is asked for a command that does not exist
 */
export function checkHelp([first, word]: readonly string[], commands: readonly string[], asked = "help"): void {
  if (first !== "help" || word === undefined || word.startsWith("-") || ["help", ...commands].includes(word)) return;
  const near = nearest(word, commands);
  const hint = near === undefined ? `ringcap ${asked} lists the commands` : `did you mean "ringcap ${asked} ${near}"?`;
  throw wordError(word, "there is no such command", hint);
}

/**
 * Returns words that ask a command for the help of one of its own commands, as the parser knows it: `extcap help install`
 * for `help extcap install`.
 *
 * @param ownCommands returns the names of the commands that a command has
 * @throws RingcapError USAGE where the command has no such command
 */
export function nestedHelp(words: readonly string[], ownCommands: (command: string) => readonly string[]): string[] {
  const [first, command, own] = words;
  if (first !== "help" || command === undefined || own === undefined || own.startsWith("-")) return [...words];
  const names = ownCommands(command);
  if (names.length === 0) return [...words];
  checkHelp(["help", own], names, `help ${command}`);
  return [command, "help", own];
}
