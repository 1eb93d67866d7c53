/** What the options of a watch and its configuration file say together. An option comes before the file. */
import { usageError } from "../errors.ts";
import { parseTrigger, type Trigger, type WatchConfig } from "../flood/index.ts";
import { checkParquet } from "./parquet-options.ts";
import type { WatchFlags } from "./watch-options.ts";

export interface WatchValues {
  readonly triggers: readonly Trigger[];
  readonly directory: string;
  /** Seconds. */
  readonly before: number;
  readonly after: number;
  readonly longest: number;
  /** Bytes. */
  readonly historySize: number;
  readonly size: number;
  readonly splitSize: number;
  readonly keepIncidents: number | undefined;
  readonly keepSize: number | undefined;
  readonly onIncident: string | undefined;
  readonly metrics: string | undefined;
}

const MEBIBYTE = 1 << 20;
/** A batch of a capture has 2 MiB at most. */
const HISTORY_MIN = 4 * MEBIBYTE;
const HISTORY_DEFAULT = 64 * MEBIBYTE;
const HISTORY_MAX = 4096 * MEBIBYTE;
const HOUR = 3600;

/** @throws RingcapError USAGE for what is missing, and for numbers that cannot be honoured */
export function toWatchValues(flags: WatchFlags, config: WatchConfig): WatchValues {
  const given = { ...config, ...flags };
  const triggers = flags.trigger?.map((rule) => parseTrigger(rule)) ?? config.triggers ?? [];
  const { write: directory } = flags;
  if (triggers.length === 0) {
    const place = flags.config === undefined ? "" : `, and none is in ${flags.config}`;
    throw usageError("--trigger", `no rule is given${place}`, "add one: --trigger 20000/s");
  }
  if (directory === undefined) throw usageError("-w", "no directory is given", "add one: -w incidents");
  if (directory === "" || directory === "-") throw usageError("-w", `"${directory}" is no directory`, "name one");
  checkParquet(flags);
  const { keepIncidents, keepSize, onIncident, metrics } = given;
  // The history is at most half of an incident, so that the other half is for what comes.
  const size = bytes("--incident-size", given.incidentSize ?? 1e9, 2 * HISTORY_MIN);
  const historyMost = Math.min(HISTORY_MAX, Math.floor(size / 2));
  const historySize = given.historySize ?? Math.min(HISTORY_DEFAULT, historyMost);
  if (keepIncidents !== undefined && !(Number.isInteger(keepIncidents) && keepIncidents > 0)) {
    throw usageError("--keep-incidents", `"${keepIncidents}" is not a whole number above 0`);
  }
  if (keepSize !== undefined && keepSize < size) {
    const hint = `one incident has up to ${size} bytes: keep more, or lower --incident-size`;
    throw usageError("--keep-size", `${keepSize} bytes are less than one incident may have`, hint);
  }
  return {
    triggers,
    directory,
    before: between("--before", given.before ?? 10, 0, HOUR, "seconds"),
    after: between("--after", given.after ?? 10, 0.1, HOUR, "seconds"),
    longest: between("--max", given.max ?? 300, 1, 24 * HOUR, "seconds"),
    historySize: bytes("--history-size", historySize, HISTORY_MIN, historyMost),
    size,
    splitSize: bytes("--file-size", given.fileSize ?? 256e6, MEBIBYTE),
    keepIncidents,
    keepSize,
    onIncident,
    metrics,
  };
}

function bytes(option: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): number {
  return between(option, value, least, most, "bytes");
}

function between(option: string, value: number, least: number, most: number, unit: string): number {
  const [bound, what] = value >= least ? [most, "more"] : [least, "less"];
  if (value >= least && value <= most) return value;
  const typed = unit === "bytes" && bound % MEBIBYTE === 0 ? `${bound / MEBIBYTE}Mi` : String(bound);
  throw usageError(
    option,
    `${value} ${unit} are ${what} than ${bound}`,
    what === "less" ? `type ${typed} or more` : `type ${typed} or less`,
  );
}
