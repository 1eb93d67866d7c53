/** Rates over time: a line for each class of packets, bits, and the marks. */
import type { Rates, Report } from "../../report.ts";
import type { RateMark } from "../../values.ts";
import { CLASS_NAMES, MARK_NAMES } from "../../words/names.ts";
import { compact, counted, duration, packetRate, whole, withUnit } from "../../words/numbers.ts";
import { shownTime, timeOfDay } from "../../words/times.ts";
import { type ChartLine, lineKey } from "../charts/chart-line.ts";
import { signOf } from "../charts/marks.ts";
import { FULL_HEIGHT, heightOf, largestOf, niceMaximum } from "../charts/steps.ts";
import { TimeAxis } from "../charts/time-axis.ts";
import { timeChart } from "../charts/time-chart.ts";
import { foreign } from "../foreign.ts";
import { html, type Markup, type Part } from "../html.ts";
import { section, shareCell, table } from "../table.ts";

const RATES_HEIGHT = 240;
const BITS_HEIGHT = 90;
const MARKS_AT_MOST = 20;

export function ratesSection(report: Report): Markup {
  const { rates } = report;
  if (rates.begins === null || rates.count === 0) {
    return section("rates", "Rates over time", html`<p>No packet has a time, so there are no rates.</p>`);
  }
  const axis = new TimeAxis(rates);
  const marks = allMarks(report);
  return section(
    "rates",
    "Rates over time",
    html`<p>Each point is ${duration(rates.intervalSeconds)}. Times are local, ${axis.zone}. ${peakText(rates)}</p>
<p class="zoom" role="group" aria-label="Zoom of all charts over time" hidden><button type="button" data-zoom="in">Zoom in</button> <button type="button" data-zoom="out">Zoom out</button> <button type="button" data-zoom="left">Earlier</button> <button type="button" data-zoom="right">Later</button> <button type="button" data-zoom="all">Whole</button> <small>or drag over a chart; keys + − ← → 0</small> <span role="status"></span></p>`,
    packetsChart(rates, axis, marks),
    bitsChart(rates, axis),
    classTable(report),
    marksTable(marks),
  );
}

function packetsChart(rates: Rates, axis: TimeAxis, marks: readonly RateMark[]): Markup {
  const total: ChartLine = {
    style: "total",
    name: "all packets",
    values: perSecond(rates, sums(rates, "packets")),
    isArea: true,
  };
  const classes = rates.series.map(
    (series): ChartLine => ({
      style: `class-${series.class}`,
      name: CLASS_NAMES[series.class],
      values: perSecond(rates, series.packets),
    }),
  );
  const named = rates.series.map((series) => `${CLASS_NAMES[series.class]} ${whole(sum(series.packets))}`);
  return timeChart({
    id: "packets",
    title: "Packets per second by class (the grey area is all packets)",
    description: `Lines over ${duration(rates.count * rates.intervalSeconds)}. Packets by class: ${named.join(", ")}.`,
    unit: "packets/s",
    axis,
    height: RATES_HEIGHT,
    lines: [total, ...classes],
    marks,
  });
}

function bitsChart(rates: Rates, axis: TimeAxis): Markup {
  const values = perSecond(rates, sums(rates, "bytes")).map((bytes) => bytes * 8);
  const most = largestOf(values);
  return timeChart({
    id: "bits",
    title: "Bits per second",
    description: `The bits of all packets as they were on the wire. The largest rate is ${withUnit(most, "bit/s")}.`,
    unit: "bit/s",
    axis,
    height: BITS_HEIGHT,
    lines: [{ style: "total", name: "all packets", values, isArea: true }],
    marks: [],
  });
}

/** The classes with their lines as a legend, and each line once more at a scale of its own. */
function classTable({ rates, packets }: Report): Markup {
  const scale = niceMaximum(largestOf(perSecond(rates, sums(rates, "packets"))));
  const rows = rates.series.map((series): Part[] => {
    const { packets: count, bytes } = packets.byClass[series.class];
    const most = largestOf(perSecond(rates, series.packets));
    const height = heightOf(most, scale) || FULL_HEIGHT;
    const viewBox = `0 ${-height} ${rates.count} ${height}`;
    return [
      html`${lineKey(`class-${series.class}`)} ${CLASS_NAMES[series.class]}`,
      whole(count),
      shareCell(packets.matched > 0 ? count / packets.matched : 0),
      withUnit(bytes, "B"),
      count > 0 ? `${compact(bytes / count)} B` : "–",
      packetRate(most),
      html`<svg class="small" aria-hidden="true" width="150" height="24" viewBox="${viewBox}" preserveAspectRatio="none"><use href="#packets-class-${series.class}"/></svg>`,
    ];
  });
  const columns = [
    { title: "Class" },
    ...["Packets", "Share", "Bytes", "Bytes each", `Most in ${duration(rates.intervalSeconds)}`].map((title) => ({
      title,
      isNumber: true,
    })),
    { title: "Over time, own scale" },
  ];
  return table("Packets by class", columns, rows);
}

function marksTable(marks: readonly RateMark[]): Part {
  if (marks.length === 0) return null;
  const rows = marks
    .slice(0, MARKS_AT_MOST)
    .map(({ time, kind, text }): Part[] => [
      shownTime(time),
      html`<svg class="key" width="12" height="11" viewBox="-6 0 12 11" aria-hidden="true">${signOf(kind)}</svg> ${MARK_NAMES[kind]}`,
      foreign(text),
    ]);
  const left = marks.length - rows.length;
  const columns = [{ title: "Time" }, { title: "Mark" }, { title: "What happened" }];
  return html`${table("Marks on the chart", columns, rows)}${left > 0 && html`<p>${left === 1 ? "One more mark is" : `${whole(left)} more marks are`} in the JSON of this report.</p>`}`;
}

function peakText({ peak }: Rates): string {
  if (peak === null) return "";
  const rates = `${counted(peak.packetsPerSecond, "packet")}/s and ${withUnit(peak.bitsPerSecond, "bit/s")}`;
  return `The second with most packets began at ${timeOfDay(peak.time)}: ${rates}.`;
}

/** The marks of the rates and of the completeness, each once, by time. */
function allMarks({ rates, completeness }: Report): RateMark[] {
  const marks = new Map<string, RateMark>();
  for (const mark of [...rates.marks, ...completeness.marks]) {
    marks.set(`${mark.kind} ${mark.time} ${mark.text}`, mark);
  }
  return [...marks.values()].sort((one, other) => (one.time < other.time ? -1 : one.time > other.time ? 1 : 0));
}

function sums({ series, count }: Rates, unit: "packets" | "bytes"): number[] {
  return Array.from({ length: count }, (_, index) => sum(series.map((one) => one[unit][index] ?? 0)));
}

function perSecond({ intervalSeconds }: Rates, values: readonly number[]): number[] {
  return values.map((value) => value / intervalSeconds);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
