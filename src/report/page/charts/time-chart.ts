/**
 * A chart over time, as wide as the page lets it be. Its lines are in an SVG within the SVG, which is stretched, and all
 * text is outside of that, at places in percent. So text keeps its size on a telephone, on a wide screen and on paper.
 */

import type { RateMark } from "../../values.ts";
import { compact } from "../../words/numbers.ts";
import { html, type Markup } from "../html.ts";
import { type ChartLine, lineKey } from "./chart-line.ts";
import { directLabels } from "./direct-labels.ts";
import { chartMarks, rounded, SIGN_HEIGHT } from "./marks.ts";
import { FULL_HEIGHT, largestOf, niceMaximum, stepPath } from "./steps.ts";
import type { TimeAxis } from "./time-axis.ts";

export interface TimeChart {
  /** Of the page. Lines have it with their style behind it. */
  readonly id: string;
  readonly title: string;
  /** What one sees, for those who do not. */
  readonly description: string;
  readonly unit: string;
  readonly axis: TimeAxis;
  /** Pixels. */
  readonly height: number;
  /** The first is drawn first. */
  readonly lines: readonly ChartLine[];
  readonly marks: readonly RateMark[];
  /** Whether the lines are named in front of the chart, because no table does it. */
  readonly hasLegend?: boolean;
}

const AXIS_HEIGHT = 20;
const GRID_PARTS = 4;
/** Below this height only the largest number has a label. */
const HEIGHT_OF_ALL_LABELS = 150;

export function timeChart(chart: TimeChart): Markup {
  const { id, axis, height, lines } = chart;
  const maximum = niceMaximum(largestOf(lines.map(({ values }) => largestOf(values))));
  const bottom = SIGN_HEIGHT + height;
  const paths = lines.map(({ style, name, values, isArea }) => {
    const kind = isArea === true ? "area" : "line";
    return html`<path id="${id}-${style}" class="${kind} ${style}" data-name="${name}" d="${stepPath(values, maximum)}"/>`;
  });
  return html`<figure class="chart time" id="${id}" data-begins="${axis.begins}" data-interval="${axis.intervalSeconds}" data-count="${axis.count}" data-unit="${chart.unit}">
<figcaption>${chart.title}${chart.hasLegend === true && lines.map(({ style, name }) => html` <small>${lineKey(style)} ${name}</small>`)}</figcaption>
<svg class="frame" role="img" aria-labelledby="${id}-title ${id}-desc" height="${bottom + AXIS_HEIGHT}">
<title id="${id}-title">${chart.title}</title><desc id="${id}-desc">${chart.description}</desc>
<g class="grid" aria-hidden="true">${gridLines(height, bottom)}</g>
<svg class="plot" y="${SIGN_HEIGHT}" width="100%" height="${height}" viewBox="0 ${-FULL_HEIGHT} ${axis.count} ${FULL_HEIGHT}" preserveAspectRatio="none" data-largest="${maximum}">${paths}</svg>
<g aria-hidden="true">${chartMarks(chart.marks, axis, bottom)}${gridLabels(maximum, height, bottom)}${directLabels(lines, axis, maximum, height)}
<g class="ticks">${ticks(axis, bottom)}</g></g>
</svg>
<p class="readout" hidden></p>
</figure>`;
}

function gridLines(height: number, bottom: number): Markup[] {
  return Array.from({ length: GRID_PARTS + 1 }, (_, part) => {
    const y = bottom - (height * part) / GRID_PARTS;
    return html`<line class="${part === 0 ? "base" : "rule"}" x1="0" x2="100%" y1="${y}" y2="${y}"/>`;
  });
}

function gridLabels(maximum: number, height: number, bottom: number): Markup[] {
  const parts = height >= HEIGHT_OF_ALL_LABELS ? [1, 2, 3, 4] : [GRID_PARTS];
  return parts.map((part) => {
    const share = part / GRID_PARTS;
    return html`<text class="scale" x="2" y="${bottom - height * share + 12}" data-share="${share}">${compact(maximum * share)}</text>`;
  });
}

function ticks(axis: TimeAxis, bottom: number): Markup[] {
  return axis.ticks().map(({ at, label }) => {
    const share = at / axis.count;
    const anchor = share < 0.06 ? "start" : share > 0.94 ? "end" : "middle";
    return html`<text class="tick" text-anchor="${anchor}" x="${axis.percent(at)}" y="${bottom + 15}" data-at="${rounded(at)}">${label}</text>`;
  });
}
