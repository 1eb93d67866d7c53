/** The options by which addresses are replaced, which replays and reports share. */
import type { AddOption } from "./option-adder.ts";

export interface AnonymizeFlags {
  anonymize?: true;
  anonymizeKey?: string;
  quiet?: true;
}

/** Adds the options. @param what becomes of what is made, for the help */
export function addAnonymizeOptions(add: AddOption, group: string, what: string): void {
  add(group, "--anonymize", what, {
    details: `Addresses are mapped by Crypto-PAn, so that those of one network stay in one network. Hardware addresses
      are replaced too, and checksums are kept right.`,
  });
  add(
    group,
    "--anonymize-key <file>",
    "the key of --anonymize, made where there is none; default: one that is forgotten",
    {
      details: `The file has 64 hexadecimal digits or 32 bytes. Files that are made with one key have the same addresses.
      Whoever has the key finds the original addresses.`,
    },
  );
}
