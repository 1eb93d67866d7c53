/** The file of `--config`. schemas/watch.schema.json says the same to editors. */
import { isDeepStrictEqual } from "node:util";
import { RingcapError, reasonWithoutPath } from "../../errors.ts";
import { readSmallFile } from "../../host/small-file.ts";
import { nearest } from "../../options/index.ts";
import { type Mistake, type PlacedMap, parsePlaced, TOO_DEEP } from "./placed-yaml.ts";
import { readAddress, readCount, readProgram, readSize, readTime, readTriggers } from "./values.ts";

const READERS = {
  triggers: readTriggers,
  /** Seconds. */
  before: readTime,
  after: readTime,
  max: readTime,
  /** Bytes. */
  historySize: readSize,
  incidentSize: readSize,
  fileSize: readSize,
  keepSize: readSize,
  keepIncidents: readCount,
  onIncident: readProgram,
  metrics: readAddress,
} as const;

type Key = keyof typeof READERS;

/** What the file says. Times are in seconds, and sizes in bytes. Numbers are checked as those of the options are. */
export type WatchConfig = { readonly [K in Key]?: Exclude<ReturnType<(typeof READERS)[K]>, undefined> };

/** What a running watch takes over when the file is read again. Everything else holds from its start to its end. */
const RELOADED: ReadonlySet<Key> = new Set<Key>(["triggers", "after", "max"]);

const KEYS = Object.keys(READERS) as readonly Key[];
/** The keys as the file has them: history-size. */
export const CONFIG_KEYS: readonly string[] = KEYS.map((key) => inFile(key));

/** Bytes. */
const SIZE_MAX = 1 << 16;
/** Mistakes that are shown. */
const SHOWN = 20;

/** @throws RingcapError INPUT with all mistakes of the file, each with its line */
export function readWatchConfig(path: string): WatchConfig {
  let map: PlacedMap;
  try {
    map = parsePlaced(readSmallFile(path, SIZE_MAX));
  } catch (error) {
    const reason = error instanceof RangeError ? TOO_DEEP : reasonWithoutPath(error);
    throw configError(path, reason, error);
  }
  const mistakes = [...map.mistakes];
  const config = checkConfig(map, mistakes);
  if (mistakes.length === 0) return config;
  const lines = mistakes.map(({ line, message }) => `line ${line}: ${message}`.replaceAll("\n", "\n  "));
  if (lines.length > SHOWN) lines.splice(SHOWN, lines.length, `and ${lines.length - SHOWN} more`);
  throw configError(path, lines.map((line) => `\n  ${line}`).join(""));
}

/** Returns the keys, as the file has them, whose change takes a new start. */
export function keysForRestart(present: WatchConfig, next: WatchConfig): readonly string[] {
  return KEYS.filter((key) => !RELOADED.has(key) && !isDeepStrictEqual(present[key], next[key])).map(inFile);
}

function checkConfig({ entries }: PlacedMap, mistakes: Mistake[]): WatchConfig {
  const config: Partial<Record<Key, unknown>> = {};
  for (const { key: name, line, value } of entries) {
    const key = KEYS.find((one) => inFile(one) === name);
    if (key === undefined) {
      const near = nearest(name, CONFIG_KEYS);
      const known = near === undefined ? `the keys are ${CONFIG_KEYS.join(", ")}` : `did you mean "${near}"?`;
      mistakes.push({ line, message: `${JSON.stringify(name)} is no key of this file; ${known}` });
      continue;
    }
    const read = READERS[key](value, name, mistakes);
    if (read !== undefined) config[key] = read;
  }
  return config as WatchConfig;
}

function inFile(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** @param reason may begin with a line of its own */
export function configError(path: string, reason: string, cause?: unknown, hint?: string): RingcapError {
  const operation = `read the configuration ${path}`;
  const message = `${operation}:${reason.startsWith("\n") ? "" : " "}${reason}`;
  return new RingcapError(message, { code: "INPUT", operation, cause, hint });
}
