/** Prints events of connections as rows of a table, or as JSON objects. */
import type { ConnectionEvent, ProcessDetails } from "../connections/index.ts";
import { type Column, printable, printableJson, tableRow } from "../outputs/index.ts";
import { formatTimeOfDay } from "../outputs/lines/index.ts";

const NANOSECONDS_PER_SECOND = 1_000_000_000n;

let cachedSecond = -1n;
let cachedText = "";

/** Returns a time as "2026-11-25T22:13:05.123456789Z". Events of one second share its text. */
export function formatIsoTime(timestamp: bigint): string {
  const second = timestamp / NANOSECONDS_PER_SECOND;
  if (second !== cachedSecond) {
    cachedText = new Date(Number(second) * 1000).toISOString().slice(0, 19);
    cachedSecond = second;
  }
  return `${cachedText}.${String(timestamp - second * NANOSECONDS_PER_SECOND).padStart(9, "0")}Z`;
}

/** The object that --json prints of an event. */
export type ConnectionLine = Omit<ConnectionEvent, "timestamp" | "cookie" | "process"> & {
  /** The time as formatIsoTime() writes it. */
  time: string;
  /** The cookie in decimal digits. */
  cookie: string | null;
} & Partial<ProcessDetails>;

export function formatJsonLine({ type, timestamp, cookie, process, ...others }: ConnectionEvent): string {
  const line: ConnectionLine = {
    type,
    time: formatIsoTime(timestamp),
    ...others,
    cookie: cookie === null ? null : String(cookie),
    ...process,
  };
  return printableJson(line);
}

const ROLE = { client: "client", server: "server" } as const;

/** The columns, and their widths in places of the terminal. */
const TITLES = [
  ["TIME", 15],
  ["PID", 8],
  ["UID", 6],
  ["COMM", 15],
  ["ROLE", 6],
  ["LOCAL", 21],
  ["REMOTE", 21],
  ["SENT", 10],
  ["RECEIVED", 10],
  ["RETR", 4],
  ["RTT", 8],
  ["DURATION", 10],
  ["END", 4],
] as const;

const RIGHT_ALIGNED: ReadonlySet<string> = new Set(["PID", "UID", "SENT", "RECEIVED", "RETR", "RTT", "DURATION"]);
const COLUMNS = TITLES.map(([title, width]): Column => {
  return { width, align: RIGHT_ALIGNED.has(title) ? "right" : "left" };
});

export function tableHeader({ events, details }: TableOptions): string {
  const titles = TITLES.map(([title]) => title);
  return tableRow([...titles.slice(0, -1), events ? "EVENT" : "END"], COLUMNS) + (details ? "  COMMAND" : "");
}

export interface TableOptions {
  events: boolean;
  details: boolean;
}

export function formatTableLine(event: ConnectionEvent, { details }: TableOptions): string {
  const { timestamp, pid, uid, comm, role, bytesSent, bytesReceived, retransmits, rttUs, type, reason } = event;
  const cells = [
    formatTimeOfDay(timestamp, "micro"),
    pid === null ? "-" : String(pid),
    String(uid),
    comm === null ? "-" : printable(comm),
    ROLE[role],
    endpoint(event.localAddress, event.localPort),
    endpoint(event.remoteAddress, event.remotePort),
    String(bytesSent),
    String(bytesReceived),
    String(retransmits),
    rttUs === null ? "-" : formatDuration(rttUs * 1000),
    event.durationNs === null ? `>${formatDuration(event.observedNs)}` : formatDuration(event.durationNs),
    type === "close" ? (reason ?? "-") : type,
  ];
  const command = details ? `  ${printable(event.process?.commandLine ?? "-")}` : "";
  return tableRow(cells, COLUMNS) + command;
}

function endpoint(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Returns a duration with three digits and a unit: "12.3ms". */
export function formatDuration(nanoseconds: number): string {
  if (nanoseconds < 1e6) return `${(nanoseconds / 1e3).toPrecision(3)}us`;
  if (nanoseconds < 1e9) return `${(nanoseconds / 1e6).toPrecision(3)}ms`;
  const seconds = nanoseconds / 1e9;
  return `${seconds < 100 ? seconds.toPrecision(3) : seconds.toFixed(0)}s`;
}
