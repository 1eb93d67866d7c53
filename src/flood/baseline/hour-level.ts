/** Chooses the level of an hour of the week, also of one that is not known yet. */
import { HOURS } from "./baseline-state.ts";

const DAY_HOURS = 24;

/**
 * Returns the level of the hour itself. Where it is not known, it is the highest of the hours beside it and of the same
 * hour on other days; where none of these is known, it is the highest of all. The highest gives the fewest false alarms
 * as long as the week is young. Undefined where no hour is known.
 *
 * @param hour may lie outside of the week by a day
 */
export function hourLevel(
  levels: readonly number[],
  hour: number,
  isKnown: (hour: number) => boolean,
): number | undefined {
  const inWeek = (any: number) => (any + HOURS) % HOURS;
  if (isKnown(inWeek(hour))) return levels[inWeek(hour)];
  const highest = (hours: readonly number[]): number | undefined => {
    const known = hours.map(inWeek).filter(isKnown);
    return known.length === 0 ? undefined : Math.max(...known.map((one) => levels[one] ?? 0));
  };
  const sameHour = Array.from({ length: HOURS / DAY_HOURS }, (_, day) => hour + day * DAY_HOURS);
  return highest([hour - 1, hour + 1, ...sameHour]) ?? highest([...levels.keys()]);
}
