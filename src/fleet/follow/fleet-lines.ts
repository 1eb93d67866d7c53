/** Who is hit, as lines of text: the screen of `ringcap fleet follow`. */
import { printable } from "../../outputs/printable.ts";
import { type Column, tableRow } from "../../outputs/table-row.ts";
import type { FleetView, RunningIncident } from "./fleet-state.ts";

const TITLES = ["HOST", "SINCE (UTC)", "PACKETS/S", "TOTAL", "DROPPED", "TOP SOURCE", "VICTIM", "RULE"];
const COLUMNS: readonly Column[] = [
  { width: 15, align: "left" },
  { width: 14, align: "left" },
  { width: 11, align: "right" },
  { width: 14, align: "right" },
  { width: 9, align: "right" },
  { width: 18, align: "left" },
  { width: 21, align: "left" },
  { width: 20, align: "left" },
];
/** Lines beside the incidents: the sum, two blanks, the titles, and four lists of hosts. */
const OTHER_LINES = 8;
const UNKNOWN = "?";

export interface FleetLayout {
  /** Columns and lines of the terminal. */
  readonly width: number;
  readonly height: number;
}

export function fleetLines(view: FleetView, { width, height }: FleetLayout): string[] {
  const { hit, quiet, overdue, unknown, stopped, forgotten } = view;
  const shown = hit.slice(0, Math.max(1, height - OTHER_LINES));
  const lines = [sumOf(view), ""];
  if (hit.length > 0) lines.push(tableRow(TITLES, COLUMNS), ...shown.map(rowOf));
  if (shown.length < hit.length) lines.push(`  and ${hit.length - shown.length} more`);
  if (hit.length > 0) lines.push("");
  lines.push(
    ...listOf(
      "overdue",
      overdue.map(({ host, seconds }) => `${printable(host)} (${durationOf(seconds)})`),
      width,
    ),
    ...listOf("health unknown", unknown.map(printable), width),
    ...listOf("stopped", stopped.map(printable), width),
    ...listOf("quiet", quiet.map(printable), width),
  );
  if (forgotten > 0) lines.push(`${forgotten} more hosts and incidents than are remembered`);
  return lines.slice(0, height).map((line) => line.slice(0, width));
}

function sumOf({ hit, quiet, overdue, unknown }: FleetView): string {
  const rate = hit.reduce((sum, { perSecond }) => sum + (perSecond ?? 0), 0);
  const hosts = new Set(hit.map(({ host }) => host)).size;
  const parts = [`${hosts} hit`, `${quiet.length} quiet`, `${overdue.length} overdue`, `${unknown.length} unknown`];
  return `hosts: ${parts.join(", ")}; ${numberOf(rate)} packets/s`;
}

function rowOf(incident: RunningIncident): string {
  const { host, began, perSecond, total, dropped, source, victim, rule } = incident;
  const since = began === undefined ? UNKNOWN : new Date(began).toISOString().slice(5, 19).replace("T", " ");
  const texts = [source, victim, rule].map((text) => printable(text ?? UNKNOWN));
  return tableRow([printable(host), since, numberOf(perSecond), numberOf(total), numberOf(dropped), ...texts], COLUMNS);
}

/** The names that fit the line, and how many do not. */
function listOf(title: string, names: readonly string[], width: number): string[] {
  if (names.length === 0) return [];
  let line = `${title}: ${names[0]}`;
  for (const [index, name] of names.entries()) {
    if (index === 0) continue;
    const more = `, and ${names.length - index} more`;
    if (line.length + name.length + more.length + 2 > width) return [line + more];
    line += `, ${name}`;
  }
  return [line];
}

function numberOf(count: number | undefined): string {
  return count === undefined ? UNKNOWN : count.toLocaleString("en");
}

/** Such as 151 s, 5 min or 2 h. */
export function durationOf(seconds: number): string {
  if (seconds < 300) return `${seconds} s`;
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}
