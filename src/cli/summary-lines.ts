/** Prints the summary of connections as a table, or as JSON objects. */
import type { SummaryGroup, SummaryKind } from "../connections/index.ts";
import { type Column, printable, printableJson, tableRow } from "../outputs/index.ts";
import { formatDuration } from "./connection-line.ts";

/** Texts to the left, numbers to the right. */
const COLUMNS = [32, 6, 11, 12, 12, 9, 9, 9, 9, 0].map((width, index): Column => {
  return { width, align: index < 2 ? "left" : "right" };
});
const TITLES = ["ROLE", "CONNECTIONS", "SENT", "RECEIVED", "P50", "P90", "P99", "MAX", "ENDS"] as const;

export function formatSummaryTable(kind: SummaryKind, groups: readonly SummaryGroup[]): string {
  const rows = groups.map((group) => {
    const { key, connections, bytesSent, bytesReceived, durationNs, reasons } = group;
    const durations = (["p50", "p90", "p99", "max"] as const).map((name) =>
      durationNs === null ? "-" : formatDuration(durationNs[name]),
    );
    const ends = Object.entries(reasons).map(([reason, count]) => `${reason} ${count}`);
    const numbers = [connections, bytesSent, bytesReceived].map(String);
    return tableRow([nameOf(group), key?.role ?? "-", ...numbers, ...durations, ends.join(", ")], COLUMNS);
  });
  return [tableRow([kind === "process" ? "PROCESS" : "REMOTE", ...TITLES], COLUMNS), ...rows].join("\n");
}

export function formatSummaryJson(by: SummaryKind, { key, ...figures }: SummaryGroup): string {
  return printableJson({ type: "summary", by, ...key, ...figures });
}

function nameOf({ key }: SummaryGroup): string {
  if (key === undefined) return "others";
  if ("pid" in key) return `${printable(key.comm ?? "-")} (pid ${key.pid ?? "-"}, uid ${key.uid})`;
  const { remoteAddress, remotePort } = key;
  if (remotePort === null) return remoteAddress;
  return remoteAddress.includes(":") ? `[${remoteAddress}]:${remotePort}` : `${remoteAddress}:${remotePort}`;
}
