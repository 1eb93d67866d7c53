/** Reads the values of a configuration file. Each function adds its mistakes to a list, and returns undefined then. */
import { RingcapError } from "../../errors.ts";
import { bytesOf, SIZE_HINT, secondsOf, TIME_HINT } from "../../options/index.ts";
import { parseListenAddress } from "../metrics/listen-address.ts";
import { parseTrigger } from "../triggers/parse-trigger.ts";
import type { Trigger } from "../triggers/trigger.ts";
import type { Mistake, Placed } from "./placed-yaml.ts";

/** Rules of a file. */
const TRIGGERS_MAX = 100;

export function readTime(placed: Placed, path: string, mistakes: Mistake[]): number | undefined {
  const seconds = secondsOf(textOf(placed));
  return seconds ?? refuse(placed, path, `expected a time: ${TIME_HINT}`, mistakes);
}

export function readSize(placed: Placed, path: string, mistakes: Mistake[]): number | undefined {
  return bytesOf(textOf(placed), 1) ?? refuse(placed, path, `expected a size: ${SIZE_HINT}`, mistakes);
}

export function readCount(placed: Placed, path: string, mistakes: Mistake[]): number | undefined {
  const { value } = placed;
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
  return refuse(placed, path, "expected a whole number above 0", mistakes);
}

export function readProgram(placed: Placed, path: string, mistakes: Mistake[]): string | undefined {
  const { value } = placed;
  if (typeof value === "string" && value !== "" && !/\p{Cc}/u.test(value)) return value;
  return refuse(placed, path, "expected the path of a program", mistakes);
}

/** Returns ADDRESS:PORT as it stands in the file. */
export function readAddress(placed: Placed, _path: string, mistakes: Mistake[]): string | undefined {
  const text = textOf(placed);
  return attempt(placed, mistakes, () => parseListenAddress(text)) === undefined ? undefined : text;
}

export function readTriggers(placed: Placed, path: string, mistakes: Mistake[]): readonly Trigger[] | undefined {
  const { value } = placed;
  if (!Array.isArray(value)) return refuse(placed, path, 'expected a list of rules, each behind "- "', mistakes);
  const items: readonly Placed[] = value;
  if (items.length === 0) return refuse(placed, path, "expected one rule at least", mistakes);
  if (items.length > TRIGGERS_MAX) return refuse(placed, path, `expected ${TRIGGERS_MAX} rules at most`, mistakes);
  const triggers = items.map((item, index) => {
    const place = `${path}[${index}]`;
    if (typeof item.value !== "string") return refuse(item, place, "expected a rule such as 20000/s", mistakes);
    const text = item.value;
    return attempt(item, mistakes, () => parseTrigger(text, place));
  });
  return triggers.filter((trigger) => trigger !== undefined);
}

/** Returns what a scalar means as a word of the command line; a text that no value is for what is no such scalar. */
function textOf({ value }: Placed): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function refuse(placed: Placed, path: string, expected: string, mistakes: Mistake[]): undefined {
  mistakes.push({ line: placed.line, message: `${path}: ${expected}` });
}

/** Reads with a function that throws. Its messages begin with the place. */
function attempt<T>(placed: Placed, mistakes: Mistake[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RingcapError)) throw error;
    mistakes.push({
      line: placed.line,
      message: error.hint === undefined ? error.message : `${error.message}: ${error.hint}`,
    });
    return undefined;
  }
}
