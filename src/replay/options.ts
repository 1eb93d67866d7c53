/** The options of a replay, which are checked before anything is opened. */

import { usageError } from "../errors.ts";
import { type CompiledFilter, compileFilter, type FilterOptions } from "../filter/filter.ts";
import { filterText } from "../filter/filter-text.ts";
import type { ListReader } from "../filter/lists.ts";
import { numberIn, oneOf } from "../options/checks.ts";
import { refuseUnknown } from "../options/refuse-unknown.ts";
import { type AdmissionOptions, type AdmissionSettings, checkAdmission } from "../packets/admission.ts";
import { SNAPSHOT_LENGTH_MAX } from "../pcap-writer/index.ts";
import { ANY_LAYOUT, type SinkNeeds } from "../pipeline/sink.ts";

/** What decides which packets match: the BPF program in the kernel, or the same filter on the host. */
export type EngineChoice = "auto" | "kernel" | "user";
/** Which program of the kernel decides. */
export type ReplayHookChoice = "auto" | "xdp" | "tc";

/** The options of replay(). Unknown ones are refused. */
export interface ReplayOptions extends AdmissionOptions {
  filter?: FilterOptions | undefined;
  /** Bytes kept of each packet. Default and 0: 262144, which cuts nothing. */
  snapshotLength?: number | undefined;
  /** Decides which packet sampling takes first, from 0 to 4294967295. Default 0. The same seed takes the same packets. */
  seed?: number | undefined;
  /** Ends the replay after so many matching packets, without those that sampling or the rate limit leaves out. */
  count?: number | undefined;
  /** "kernel": the loaded BPF program; "user": the same filter on the host. Default "auto": the kernel where it can. */
  engine?: EngineChoice | undefined;
  /** Which program of the kernel. Default "auto": XDP for Ethernet, TC for raw IP. */
  hook?: ReplayHookChoice | undefined;
  /** Ends the replay as requestStop() does. */
  signal?: AbortSignal | undefined;
  /** Called with what is worth knowing and is no error, such as why the user engine was taken. */
  onNote?: ((note: string) => void) | undefined;
}

export interface ReplaySettings extends AdmissionSettings {
  filter: CompiledFilter;
  /** The filter in the words of the command line; undefined where every packet passes. */
  filterText: string | undefined;
  /** Whether every packet passes the filter where the expression is left aside. */
  matchesAll: boolean;
  snapshotLength: number;
  seed: number;
  count: number;
  engine: EngineChoice;
  hook: ReplayHookChoice;
  /** Whether the sink takes the blocks of a pcapng file: see SinkNeeds. */
  takesBlocks: boolean;
  signal: AbortSignal | undefined;
  onNote: (note: string) => void;
}

const OPTIONS: Readonly<Record<keyof ReplayOptions, true>> = {
  filter: true,
  snapshotLength: true,
  sample: true,
  rateLimit: true,
  seed: true,
  count: true,
  engine: true,
  hook: true,
  signal: true,
  onNote: true,
};

/**
 * @param needs of the sink that the packets are for; default: any layout
 * @param readList gives the texts of files that lists are in; default: reads any file
 * @throws RingcapError USAGE that names the option
 */
export function checkReplayOptions(
  options: ReplayOptions,
  readList?: ListReader,
  needs: SinkNeeds = ANY_LAYOUT,
): ReplaySettings {
  refuseUnknown(options, OPTIONS);
  const engine = oneOf("engine", options.engine, ["auto", "kernel", "user"], "auto");
  const hook = oneOf("hook", options.hook, ["auto", "xdp", "tc"], "auto");
  if (engine === "user" && hook !== "auto") {
    throw usageError(
      "hook",
      "the user engine runs no program of the kernel",
      'leave it out, or use `engine: "kernel"`',
    );
  }
  const filter = compileFilter(options.filter ?? {}, readList);
  return {
    filter,
    filterText: filterText(options.filter ?? {}),
    matchesAll: Object.entries(options.filter ?? {}).every(
      ([name, value]) => name === "expression" || value === undefined,
    ),
    snapshotLength:
      numberIn("snapshotLength", options.snapshotLength, 0, 0, SNAPSHOT_LENGTH_MAX) || SNAPSHOT_LENGTH_MAX,
    ...checkAdmission(options),
    seed: numberIn("seed", options.seed, 0, 0, 0xffff_ffff),
    count: numberIn("count", options.count, Number.POSITIVE_INFINITY, 1, Number.MAX_SAFE_INTEGER),
    engine,
    hook,
    takesBlocks: needs.blocks ?? false,
    signal: options.signal,
    onNote: options.onNote ?? (() => {}),
  };
}
