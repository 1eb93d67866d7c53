/** When packets were lost: one mark for each second with losses. */
import { type Moment, zonedTime } from "../times.ts";
import type { RateMark } from "../values.ts";

const MOST_MARKS = 200;

export class LossMarks {
  readonly #seconds = new Map<number, { lost: number; nanoseconds: number }>();

  add(lost: number, { seconds, nanoseconds }: Moment): void {
    const mark = this.#seconds.get(seconds);
    if (mark !== undefined) mark.lost += lost;
    else if (this.#seconds.size < MOST_MARKS) this.#seconds.set(seconds, { lost, nanoseconds });
  }

  marks(): RateMark[] {
    return [...this.#seconds].map(([seconds, { lost, nanoseconds }]) => {
      const text = `${lost} ${lost === 1 ? "packet was" : "packets were"} lost in this second`;
      return { time: zonedTime(seconds, nanoseconds), kind: "dropped", text };
    });
  }
}
