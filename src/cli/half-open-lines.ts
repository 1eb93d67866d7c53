/** Prints the half-open view as tables, or as JSON objects. */
import type { HalfOpenPort, HalfOpenView } from "../connections/index.ts";
import { type Column, printable, printableJson, tableRow } from "../outputs/index.ts";
import { formatTimeOfDay } from "../outputs/lines/index.ts";
import { formatIsoTime } from "./connection-line.ts";

const TITLES = [
  ["TIME", 15],
  ["PID", 8],
  ["COMM", 15],
  ["LISTENS ON", 24],
  ["SYN-RECV", 8],
  ["SYN/S", 9],
  ["COOKIES", 9],
  ["ACCEPT-QUEUE", 12],
  ["OVERFLOWS", 9],
  ["DROPS", 9],
] as const;

const LEFT_ALIGNED: ReadonlySet<string> = new Set(["TIME", "COMM", "LISTENS ON"]);
const COLUMNS = TITLES.map(([title, width]): Column => {
  return { width, align: LEFT_ALIGNED.has(title) ? "left" : "right" };
});

export function halfOpenHeader(): string {
  return tableRow(
    TITLES.map(([title]) => title),
    COLUMNS,
  );
}

/** Returns the table of ports at which something happens, or of all ports when they were asked for. */
export function formatHalfOpenTable({ timestamp, ports }: HalfOpenView, all: boolean): string[] {
  return ports.filter((port) => all || isBusy(port)).map((port) => line(timestamp, port));
}

/** The object that --json prints of a port. */
export interface HalfOpenLine extends HalfOpenPort {
  type: "half-open";
  /** The time as formatIsoTime() writes it. */
  time: string;
  /** Seconds since the view before. */
  seconds: number;
}

export function formatHalfOpenJson({ timestamp, seconds, ports }: HalfOpenView): string[] {
  const time = formatIsoTime(timestamp);
  return ports.map((port) => printableJson({ type: "half-open", time, seconds, ...port } satisfies HalfOpenLine));
}

function isBusy({ synReceived, syns, drops, acceptQueue }: HalfOpenPort): boolean {
  return synReceived + syns + drops + acceptQueue > 0;
}

function line(timestamp: bigint, port: HalfOpenPort): string {
  const { localAddress, localPort } = port;
  const cells = [
    formatTimeOfDay(timestamp, "micro"),
    String(port.pid),
    printable(port.comm),
    localAddress.includes(":") ? `[${localAddress}]:${localPort}` : `${localAddress}:${localPort}`,
    String(port.synReceived),
    String(port.synsPerSecond),
    String(port.synCookiesSent),
    `${port.acceptQueue}/${port.acceptQueueLimit}`,
    String(port.acceptQueueOverflows),
    String(port.drops),
  ];
  return tableRow(cells, COLUMNS);
}
