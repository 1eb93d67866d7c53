/** What is learnt of the usual rates, as text for a file. The text is checked when it is read. */
import { ofEachTraffic, TRAFFIC_SUBJECTS, type TrafficSubject } from "../triggers/subjects.ts";

/** Hours of a week. */
export const HOURS = 168;
/** Minutes of an hour that count: those of three weeks. Each further one takes the place of an older one. */
export const MINUTES_MAX = 180;

export interface BaselineState {
  /** Minutes that were learnt of each hour of the local week, which begins on Sunday; at most MINUTES_MAX. */
  readonly minutes: readonly number[];
  /** Natural logarithms of 1 + rate of each hour; the rate is in packets or bytes a second. */
  readonly levels: Readonly<Record<TrafficSubject, readonly number[]>>;
}

const VERSION = 1;
/** Levels are kept in thousandths, which is 0.1 percent of a rate. */
const PARTS = 1000;
/** In thousandths, the level of 10^20 bytes a second. */
const LEVEL_MAX = 46_000;
/** Seconds after which nothing that was learnt is true any more: eight weeks. */
const AGE_MAX = 8 * 7 * 86_400;

/** @param second since the epoch */
export function stateText({ minutes, levels }: BaselineState, second: number): string {
  const rounded = ofEachTraffic((subject) => levels[subject].map((level) => Math.round(level * PARTS)));
  return `${JSON.stringify({ version: VERSION, savedAt: second, minutes, levels: rounded })}\n`;
}

/**
 * @param second since the epoch, now
 * @returns the state, or in words why the text cannot be taken
 */
export function stateOf(text: string, second: number): BaselineState | string {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return "it is not JSON";
  }
  if (!isRecord(content) || !("version" in content)) return "it is not a file of usual rates";
  const { version, savedAt, minutes, levels } = content;
  if (version !== VERSION) return "it is of another version of ringcap";
  if (typeof savedAt !== "number" || !isWeek(minutes, MINUTES_MAX) || !isRecord(levels)) return "it is damaged";
  if (second - savedAt > AGE_MAX) return "it is older than eight weeks";
  const weeks = ofEachTraffic((subject) => (Object.hasOwn(levels, subject) ? levels[subject] : undefined));
  if (!TRAFFIC_SUBJECTS.every((subject) => isWeek(weeks[subject], LEVEL_MAX))) return "it is damaged";
  return { minutes, levels: ofEachTraffic((subject) => (weeks[subject] as number[]).map((level) => level / PARTS)) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the value is a whole number for each hour, from 0 to a maximum. */
function isWeek(value: unknown, max: number): value is number[] {
  const isNumber = (one: unknown) => typeof one === "number" && Number.isInteger(one) && one >= 0 && one <= max;
  return Array.isArray(value) && value.length === HOURS && value.every(isNumber);
}
