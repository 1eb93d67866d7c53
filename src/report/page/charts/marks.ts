/** Marks on charts over time: a line down the chart with a sign on top, which differs by kind in its form as well. */
import type { RateMark } from "../../values.ts";
import { html, type Markup } from "../html.ts";
import type { TimeAxis } from "./time-axis.ts";

export const MARK_SIGNS: Readonly<Record<RateMark["kind"], string>> = {
  trigger: "M-5 1h10l-5 9z",
  ended: "M-4 2h8v8h-8z",
  dropped: "M-4 2l8 8m0-8l-8 8",
  sampling: "M0 1l5 5l-5 5l-5-5z",
};

/** The height of the signs above a chart, in pixels. */
export const SIGN_HEIGHT = 14;
/** Marks of one kind that are nearer to each other are one on the chart. */
const PLACES = 200;

export function signOf(kind: RateMark["kind"]): Markup {
  return html`<path class="sign ${kind}" d="${MARK_SIGNS[kind]}"/>`;
}

/** @param bottom pixels from the top of the chart to its axis */
export function chartMarks(marks: readonly RateMark[], axis: TimeAxis, bottom: number): Markup[] {
  const places = new Map<string, Markup>();
  for (const { time, kind } of marks) {
    const at = axis.place(time);
    if (at === null) continue;
    const key = `${kind} ${Math.round((at / axis.count) * PLACES)}`;
    if (places.has(key)) continue;
    const line = html`<path class="mark ${kind}" d="M0 ${SIGN_HEIGHT}V${bottom}"/>`;
    places.set(
      key,
      html`<svg x="${axis.percent(at)}" overflow="visible" data-at="${rounded(at)}">${line}${signOf(kind)}</svg>`,
    );
  }
  return [...places.values()];
}

export function rounded(at: number): number {
  return Number(at.toFixed(2));
}
