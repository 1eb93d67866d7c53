/** The days of the packets in the columns. A packet without a time is of the day of the one before it. */
import { type HeaderColumns, MOST_PACKETS } from "../../report/analysis/header-columns.ts";
import { dayOf } from "../partition.ts";

/** Days of dates with four digits: 0001-01-01 and 9999-12-31. */
const FIRST_DAY = -719_162;
const LAST_DAY = 2_932_896;

export class Days {
  readonly days = new Int32Array(MOST_PACKETS);
  #last = 0;

  fill({ count, hasTime, seconds }: HeaderColumns): void {
    for (let index = 0; index < count; index++) {
      if (hasTime[index] === 1) this.#last = Math.min(LAST_DAY, Math.max(FIRST_DAY, dayOf(seconds[index] ?? 0)));
      this.days[index] = this.#last;
    }
  }
}
