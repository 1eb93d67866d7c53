import { sparkline } from "../../outputs/sparkline.ts";
import type { Report } from "../report.ts";
import { clipped } from "../words/clipped.ts";
import { CLASS_NAMES, MARK_NAMES } from "../words/names.ts";
import { compact, duration, percent, whole, withUnit } from "../words/numbers.ts";
import { timeOfDay } from "../words/times.ts";
import type { Paragraph } from "./sheet.ts";

const BARS = 40;
const MARKS_AT_MOST = 10;
const MARK_CHARACTERS = 120;

export function rateLines({ rates, packets }: Report): Paragraph[] {
  if (rates.begins === null || rates.count === 0) return [];
  const bars = Math.min(BARS, rates.count);
  const rows = rates.series.map((series) => {
    const { packets: count, bytes } = packets.byClass[series.class];
    const most = series.packets.reduce((one, other) => Math.max(one, other), 0) / rates.intervalSeconds;
    return [
      CLASS_NAMES[series.class],
      sparkline(largestOfParts(series.packets, bars), bars).padEnd(bars),
      `${compact(most)}/s`,
      percent(packets.matched > 0 ? count / packets.matched : 0),
      whole(count),
      withUnit(bytes, "B"),
    ];
  });
  const length = duration(rates.count * rates.intervalSeconds);
  const each = duration(rates.intervalSeconds);
  const marks = rates.marks.slice(0, MARKS_AT_MOST).map(({ time, kind, text }): Paragraph => {
    return { text: `${timeOfDay(time)} ${MARK_NAMES[kind]}: ${clipped(text, MARK_CHARACTERS)}` };
  });
  return [
    { heading: `Packets by class over ${length}, each at its own scale; MOST is of ${each}` },
    { table: [["CLASS", "OVER TIME".padEnd(bars), "MOST", "SHARE", "PACKETS", "BYTES"], ...rows] },
    ...marks,
  ];
}

/** The largest number of each of so many parts, so that a peak is seen however many numbers there are. */
function largestOfParts(numbers: readonly number[], parts: number): number[] {
  return Array.from({ length: parts }, (_, part) => {
    const from = Math.floor((part * numbers.length) / parts);
    const to = Math.max(from + 1, Math.floor(((part + 1) * numbers.length) / parts));
    return numbers.slice(from, to).reduce((one, other) => Math.max(one, other), 0);
  });
}
