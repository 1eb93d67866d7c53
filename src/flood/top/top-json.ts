/** A view as the object that `ringcap top --json` prints. */
import type { TrafficTable, TrafficTotals } from "../../packets/traffic-counts.ts";
import type { TopView } from "./top-sampler.ts";

export interface TopLine {
  /** When the window began. */
  readonly time: string;
  /** Of the window, with three decimals. */
  readonly seconds: number;
  /** A second, as whole numbers. */
  readonly rates: { readonly packets: number; readonly bytes: number; readonly syns: number };
  /** Of the window. */
  readonly totals: TrafficTotals;
  readonly tables: Readonly<Record<string, TrafficTable>>;
}

/** @param time the beginning of the view as text */
export function topLine({ seconds, totals, tables }: TopView, time: string, rows: number): TopLine {
  const rate = (count: number) => (seconds > 0 ? Math.round(count / seconds) : 0);
  return {
    time,
    seconds: Math.round(seconds * 1000) / 1000,
    rates: { packets: rate(totals.packets), bytes: rate(totals.bytes), syns: rate(totals.syn) },
    totals,
    tables: Object.fromEntries(
      [...tables].map(([key, table]) => [key, { ...table, entries: table.entries.slice(0, rows) }]),
    ),
  };
}
