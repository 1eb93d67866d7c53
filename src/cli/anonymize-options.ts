/** The options by which addresses are replaced, which replays and reports share. */
import type { AddOption } from "./option-adder.ts";

export interface AnonymizeFlags {
  anonymize?: true;
  anonymizeKey?: string;
  quiet?: true;
}

/** Adds the options. @param what becomes of what is made, for the help */
export function addAnonymizeOptions(add: AddOption, group: string, what: string): void {
  add(group, "--anonymize", what);
  add(
    group,
    "--anonymize-key <file>",
    "the key of --anonymize, made where there is none; default: one that is forgotten",
  );
}
