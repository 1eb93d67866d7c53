/** Reads the command line of a service, behind `--`, as ringcap itself would read it. */
import { Command } from "commander";
import { wordError } from "../errors.ts";
import { fitsIntoUnit } from "../service/index.ts";
import { addCaptureOptions, type CaptureFlags } from "./capture-options.ts";
import { addConnectionsOptions, type ConnectionsFlags } from "./connections-options.ts";
import { refuseForeignOptions } from "./foreign-options.ts";
import { FOREIGN_OPTIONS_OF } from "./foreign-options-of-commands.ts";
import { writeByMessages } from "./program-output.ts";
import { addWatchOptions, type WatchFlags } from "./watch-options.ts";
import { sayWhatToType } from "./wrong-usage.ts";

export type ServiceWords = { readonly words: readonly string[]; readonly expression: readonly string[] } & (
  | { readonly command: "watch"; readonly flags: WatchFlags }
  | { readonly command: "capture"; readonly flags: CaptureFlags }
  | { readonly command: "connections"; readonly flags: ConnectionsFlags }
);

const ADDERS = { watch: addWatchOptions, capture: addCaptureOptions, connections: addConnectionsOptions } as const;
const COMMANDS = ["watch", "capture", "connections"] as const;
const COMMANDS_HINT = "type ringcap service unit --name web -- watch …, capture … or connections …";

/**
 * @param given what stands behind `--`
 * @throws RingcapError USAGE for what is no command of a service, and as the command itself does
 */
export async function readServiceWords(given: readonly string[]): Promise<ServiceWords> {
  const words = given[0] === "ringcap" ? given.slice(1) : given;
  const [first = "--"] = words;
  const command = COMMANDS.find((name) => name === first);
  if (first === "--") throw wordError("--", "no command stands behind it", COMMANDS_HINT);
  if (command === undefined) throw wordError(first, "this is no command that runs as a service", instead(first));
  for (const word of words) {
    if (fitsIntoUnit(word)) continue;
    const hint = "a unit has one line for a command: write it without line breaks and other control characters";
    throw wordError(JSON.stringify(word), "a unit cannot hold this word", hint);
  }
  if (command === "capture" && words.includes("--")) {
    throw wordError("--", "a service captures until it is stopped", "leave out -- and the command behind it");
  }
  let parsed: { expression: readonly string[]; flags: object } = { expression: [], flags: {} };
  const root = new Command("ringcap").exitOverride();
  writeByMessages(root);
  const parser = ADDERS[command](root.command(command)).action((...values: [object] | [string[], object]) => {
    // The parser hands over the arguments, the flags and the command.
    const [expression, flags] = Array.isArray(values[0]) ? [values[0], values[1] ?? {}] : [[], values[0]];
    parsed = { expression, flags };
  });
  refuseForeignOptions(parser, FOREIGN_OPTIONS_OF[command] ?? []);
  sayWhatToType(parser, () => [parser]);
  await root.parseAsync(words, { from: "user" });
  return { words, command, ...parsed } as ServiceWords;
}

function instead(word: string): string {
  if (word === "top") return "type watch with --metrics 9477, which tells Prometheus the same numbers";
  if (word === "fleet") return "docs/fleet.md has a unit for ringcap fleet follow";
  if (word.startsWith("-")) return "name the command: capture or watch";
  return "services are watch, capture and connections: the others end by themselves";
}
