/** The names of lines at their highest places, so that nobody has to tell colours apart. */
import { html, type Markup } from "../html.ts";
import type { ChartLine } from "./chart-line.ts";
import { rounded, SIGN_HEIGHT } from "./marks.ts";
import type { TimeAxis } from "./time-axis.ts";

const LABELS_AT_MOST = 5;
/** How near labels may be: pixels of height, or shares of the width, of which a narrow page has few pixels. */
const NEAREST_PIXELS = 17;
const NEAREST_SHARE = 0.34;
/** Pixels by which a label at the left edge makes room for those of the scale. */
const SCALE_PIXELS = 44;
/** A line that is lower is at the axis, and is named in the table below the chart. */
const LOWEST_SHARE = 0.04;

interface Placed {
  readonly share: number;
  readonly y: number;
}

export function directLabels(
  lines: readonly ChartLine[],
  axis: TimeAxis,
  maximum: number,
  height: number,
): readonly Markup[] {
  const placed: Placed[] = [];
  const labels: Markup[] = [];
  const peaks = lines.filter(({ isArea }) => isArea !== true).map((line) => ({ line, ...peakOf(line.values) }));
  for (const { line, index, value } of peaks.toSorted((one, other) => other.value - one.value)) {
    if (labels.length === LABELS_AT_MOST || value < maximum * LOWEST_SHARE) break;
    const share = (index + 0.5) / axis.count;
    const y = SIGN_HEIGHT + Math.max(11, height * (1 - value / maximum) - 5);
    if (placed.some((other) => isNear(other, { share, y }))) continue;
    placed.push({ share, y });
    const anchor = share < 0.2 ? "start" : share > 0.8 ? "end" : "middle";
    labels.push(
      html`<text class="label ${line.style}" text-anchor="${anchor}" dx="${share < 0.08 ? SCALE_PIXELS : 0}" x="${axis.percent(index + 0.5)}" y="${rounded(y)}" data-at="${index + 0.5}">${line.name}</text>`,
    );
  }
  return labels;
}

function isNear(one: Placed, other: Placed): boolean {
  return Math.abs(one.y - other.y) < NEAREST_PIXELS && Math.abs(one.share - other.share) < NEAREST_SHARE;
}

function peakOf(values: readonly number[]): { index: number; value: number } {
  return values.reduce((peak, value, index) => (value > peak.value ? { index, value } : peak), { index: 0, value: 0 });
}
