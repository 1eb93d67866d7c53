/** The options of `ringcap replay`, in the order in which its help shows them. */
import type { Command } from "commander";
import type { EngineChoice, ReplayHookChoice, ReplayOptions } from "../replay/index.ts";
import { type AnonymizeFlags, addAnonymizeOptions } from "./anonymize-options.ts";
import { addFilterOptions, type FilterFlags, toFilterOptions } from "./filter-options.ts";
import { FOREIGN_OPTIONS_OF_FILES, refuseForeignOptions } from "./foreign-options.ts";
import { DescribedArgument, number, optionAdder } from "./option-adder.ts";
import { CAPTURE_FILES, words } from "./option-values.ts";
import { addOutputOptions, type OutputFlags } from "./output-options.ts";
import { addUserOption, type UserFlags } from "./user-option.ts";

export interface ReplayFlags extends FilterFlags, OutputFlags, UserFlags, AnonymizeFlags {
  snapshotLength?: number;
  sample?: number;
  rateLimit?: number;
  seed?: number;
  count?: number;
  engine?: EngineChoice;
  hook?: ReplayHookChoice;
  expect?: string;
  keepPayload?: true;
}

const REPLAY = "Replay:";

export function addReplayOptions(command: Command): Command {
  const add = optionAdder(command);
  add(REPLAY, "--engine <engine>", "auto, kernel (the loaded BPF program) or user (the same filter, no privileges)", {
    values: words("auto", "kernel", "user"),
    details: `auto takes the kernel where the process may load BPF, and otherwise the host, which a note says. Both give
      the same answers.`,
  });
  add(REPLAY, "--hook <hook>", "which program of the kernel: auto, xdp or tc", {
    values: words("auto", "xdp", "tc"),
    details: "auto is XDP for Ethernet and TC for raw IP.",
  });
  add(REPLAY, "--expect <golden>", "compare with a capture file; the first difference ends with exit code 4", {
    values: CAPTURE_FILES,
    details: `Packets are compared one by one: time, original length, bytes, captured length. The message names the
      packet and the byte.`,
  });
  add(REPLAY, "-s, --snapshot-length <n>", "bytes kept of each packet; default: all", number);
  add(REPLAY, "--sample <n>", "one packet in n that match; the others are counted", number);
  add(REPLAY, "--seed <n>", "which packet --sample takes first; default 0", number);
  add(
    REPLAY,
    "--rate-limit <n>",
    "at most n packets in each second of their time stamps; the others are counted",
    number,
  );
  add(REPLAY, "-c, --count <n>", "stop after n packets that match and are not left out", number);
  addAnonymizeOptions(add, REPLAY, "replace addresses, and cut off payloads: what may be given to others");
  add(REPLAY, "--keep-payload", "with --anonymize: keep payloads, with all addresses that they hold", {
    details: "Nothing looks for addresses, names and passwords in payloads.",
  });
  addUserOption(add, REPLAY);
  addFilterOptions(command);
  addOutputOptions(command, "as the input");
  refuseForeignOptions(command, FOREIGN_OPTIONS_OF_FILES);
  return command
    .addArgument(
      new DescribedArgument("<file>", 'pcap or pcapng file, gzip of both too; "-" is stdin', { values: CAPTURE_FILES }),
    )
    .argument("[expression...]", "pcap-filter expression");
}

/** Makes the options of the library. @throws RingcapError USAGE for combinations that cannot be honoured */
export function toReplayOptions(flags: ReplayFlags, expression: readonly string[]): ReplayOptions {
  return {
    snapshotLength: flags.snapshotLength,
    sample: flags.sample,
    rateLimit: flags.rateLimit,
    seed: flags.seed,
    count: flags.count,
    engine: flags.engine,
    hook: flags.hook,
    filter: toFilterOptions(flags, expression),
  };
}
