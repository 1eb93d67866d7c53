/** The output options, which captures and replays share. */
import type { Command } from "commander";
import type { ChecksumChoice, Compression } from "../outputs/index.ts";
import type { TimeStampPrecision } from "../pcap-writer/index.ts";
import { addLineOptions, type LineFlags } from "./line-options.ts";
import { optionAdder } from "./option-adder.ts";

export interface OutputFlags extends LineFlags {
  write?: string;
  format?: string;
  comment?: string;
  timeStampPrecision?: TimeStampPrecision;
  checksum?: ChecksumChoice;
  compress?: Compression;
  json?: true;
}

export const OUTPUT = "Output:";

/** Adds the options. @param precision the default of --time-stamp-precision, for the help */
export function addOutputOptions(command: Command, precision: string): void {
  const add = optionAdder(command);
  add(
    OUTPUT,
    "-w, --write <file>",
    '.pcap or .pcapng file, also with .gz or .zst, "-" is stdout; without it, one line per packet',
  );
  add(OUTPUT, "--format <format>", "pcap or pcapng; default: by the extension of the file");
  add(OUTPUT, "--comment <text>", "in a .pcapng file, for whoever opens it");
  add(OUTPUT, "--time-stamp-precision <unit>", `micro or nano; default ${precision}, nano in .pcapng`);
  add(OUTPUT, "--checksum <what>", "in the file: none (as captured), or repair what was left to the network card");
  add(OUTPUT, "--compress <how>", "gzip or zstd; default: by the extension of the file, .gz or .zst");
  add(OUTPUT, "-q, --quiet", "short lines, and of messages only warnings and errors");
  add(OUTPUT, "--json", "one JSON object at the end instead of the counts and of the packet lines");
  addLineOptions(command);
}
