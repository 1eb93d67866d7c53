/** A view as lines of text. */

import { sparkline } from "../../outputs/sparkline.ts";
import type { TrafficEntry, TrafficKey, TrafficTable } from "../../packets/traffic-counts.ts";
import type { TopView } from "./top-sampler.ts";

export type TopOrder = "packets" | "bytes" | "syns";

export interface TopLayout {
  /** Entries of each table. */
  readonly rows: number;
  /** Columns of the terminal, for the line of bars; undefined: no such line. */
  readonly width?: number | undefined;
  readonly order: TopOrder;
}

/** Columns of a key at least, so that a table of IPv4 fits 80 columns, and of each number with the blank before it. */
const KEY_WIDTH = 19;
const NUMBER_WIDTH = 12;

export function topLines(view: TopView, { rows, width, order }: TopLayout): string[] {
  const lines = [rates(view), kinds(view)];
  if (width !== undefined) lines.push(sparkline(view.history, width));
  for (const [key, table] of view.tables) lines.push("", ...tableLines(key, table, view, rows, order));
  return lines;
}

function rates({ totals, seconds }: TopView): string {
  const { packets, bytes, syn } = totals;
  return `${perSecond(packets, seconds)} packets/s, ${perSecond(bytes, seconds)} bytes/s, ${perSecond(syn, seconds)} SYN/s`;
}

/** The kinds that there are, and how many of the packets. */
function kinds({ totals }: TopView): string {
  const { packets, tcp, udp, icmp, otherProtocol, ipv6, fragments } = totals;
  const shares = Object.entries({ tcp, udp, icmp, other: otherProtocol, IPv6: ipv6, fragments });
  return shares
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${share(count, packets)}`)
    .join(", ");
}

function tableLines(
  key: TrafficKey,
  table: TrafficTable,
  { seconds, totals }: TopView,
  rows: number,
  order: TopOrder,
): string[] {
  const titles = ["PACKETS/S", "SHARE", "BYTES/S", "SYN/S", "MISSING/S"];
  const listed = ordered(table.entries, order).slice(0, rows);
  const cells = listed.map(({ key: text, packets, bytes, syns, error }) => [
    text,
    perSecond(packets, seconds),
    share(packets, totals.packets),
    ...[bytes, syns, error].map((count) => perSecond(count, seconds)),
  ]);
  const keyWidth = Math.max(KEY_WIDTH, ...listed.map(({ key: text }) => text.length));
  const rowsOfTable = [[key.toUpperCase(), ...titles], ...cells].map((row) => rowText(row, keyWidth));
  return rowsOfTable.concat(doubts(table, listed, seconds));
}

/** How far the list may be wrong: about what it leaves out, and about what it has. */
function doubts({ missedAtMost, oneIn }: TrafficTable, listed: readonly TrafficEntry[], seconds: number): string[] {
  const others = missedAtMost > 0 ? [`any other: at most ${perSecond(missedAtMost, seconds)} packets/s`] : [];
  const sampled =
    oneIn > 1 && listed.length > 0 ? [`sampled 1 in ${oneIn}: standard error ${standardErrors(listed)}`] : [];
  return others.length + sampled.length === 0 ? [] : [`  ${[...others, ...sampled].join(", ")}`];
}

/** The smallest and the largest one of the keys, in percent of their packets. */
function standardErrors(listed: readonly TrafficEntry[]): string {
  const percents = listed.map(({ packets, standardError }) => (100 * standardError) / Math.max(1, packets));
  const texts = [Math.min(...percents), Math.max(...percents)].map((percent) => percent.toFixed(1));
  return `${[...new Set(texts)].join(" to ")} %`;
}

/** @returns the entries in descending order of the number */
export function ordered(entries: readonly TrafficEntry[], order: TopOrder): TrafficEntry[] {
  return entries.toSorted((one, other) => other[order] - one[order] || other.packets - one.packets);
}

function rowText([key = "", ...numbers]: readonly string[], keyWidth: number): string {
  return key.padEnd(keyWidth) + numbers.map((number) => ` ${number.padStart(NUMBER_WIDTH - 1)}`).join("");
}

function perSecond(count: number, seconds: number): string {
  return Math.round(seconds > 0 ? count / seconds : 0).toLocaleString("en");
}

function share(count: number, all: number): string {
  return `${all > 0 ? Math.round((100 * count) / all) : 0} %`;
}
