/** Prints the half-open view as tables, or as JSON objects. */
import type { HalfOpenPort, HalfOpenView } from "../connections/index.ts";
import { printable, printableJson } from "../outputs/index.ts";
import { formatTimeOfDay } from "../outputs/lines/index.ts";
import { formatIsoTime } from "./connection-line.ts";

const COLUMNS = [
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

export function halfOpenHeader(): string {
  return row(COLUMNS.map(([title]) => title));
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
  return row([
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
  ]);
}

function row(cells: readonly string[]): string {
  const padded = COLUMNS.map(([title, width], index) => {
    const cell = cells[index] ?? "";
    return LEFT_ALIGNED.has(title) ? cell.padEnd(width) : cell.padStart(width);
  });
  return padded.join(" ").trimEnd();
}
