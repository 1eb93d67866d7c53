/** The output options, which captures and replays share. */
import type { Command } from "commander";
import type { ChecksumChoice, Compression } from "../outputs/index.ts";
import type { TimeStampPrecision } from "../pcap-writer/index.ts";
import { addLineOptions, type LineFlags } from "./line-options.ts";
import { optionAdder } from "./option-adder.ts";
import { CAPTURE_FILES, words } from "./option-values.ts";

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
    {
      values: { ...CAPTURE_FILES, words: ["-"] },
      details: `The file is readable for its owner alone. A name that ends in .gz or .zst is compressed while it is
      written. An existing file of your own is replaced, which a note says; a file that is being read, or is a
      link of another user, is refused.`,
    },
  );
  add(OUTPUT, "--format <format>", "pcap or pcapng; default: by the extension of the file", {
    values: words("pcap", "pcapng"),
    details: `A .pcapng file also has the interface, the direction and the queue of each packet, how many were lost
      before it, and the statistics of the capture.`,
  });
  add(OUTPUT, "--comment <text>", "in a .pcapng file, for whoever opens it", {
    details: "The text stands in the header of the section, and in each file of a capture that rotates.",
  });
  add(OUTPUT, "--time-stamp-precision <unit>", `micro or nano; default ${precision}, nano in .pcapng`, {
    values: words("micro", "nano"),
  });
  add(OUTPUT, "--checksum <what>", "in the file: none (as captured), or repair what was left to the network card", {
    values: words("none", "repair"),
    details: `Packets that this host sends may have no checksum yet, because the network card computes it. Wireshark
      calls them wrong. repair completes these sums, and leaves wrong ones as they are.`,
  });
  add(OUTPUT, "--compress <how>", "gzip or zstd; default: by the extension of the file, .gz or .zst", {
    values: words("gzip", "zstd"),
    details: "The name of the file stays as it is typed. zstd takes Node.js 22.15 or later.",
  });
  add(OUTPUT, "-q, --quiet", "short lines, and of messages only warnings and errors");
  add(OUTPUT, "--json", "one JSON object at the end instead of the counts and of the packet lines", {
    details: `The object has the counters, the interfaces and the files. It goes to standard error where standard output has the packets.`,
  });
  addLineOptions(command);
}
