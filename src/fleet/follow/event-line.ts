/** What happened, as one line of text, where no terminal shows the table. */
import { printable } from "../../outputs/printable.ts";
import { type Fields, fieldsOf, textOf, wholeOf } from "../json-fields.ts";
import { OVERDUE_SECONDS, type RunningIncident, ruleOf } from "./fleet-state.ts";
import type { FollowedEvent } from "./followed-event.ts";

/** An incident that runs already. */
export function runningLine({ host, incident, began, rule }: RunningIncident): string {
  const time = began === undefined ? "?" : new Date(began).toISOString();
  return `${time} ${printable(host)} began ${printable(incident)}: ${printable(rule ?? "?")}`;
}

/** @param now milliseconds since the epoch */
export function healthLine({ host, isOverdue }: { host: string; isOverdue: boolean }, now: number): string {
  const what = isOverdue ? `overdue: nothing of its health for ${OVERDUE_SECONDS} s` : "is heard again";
  return `${new Date(now).toISOString()} ${printable(host)} ${what}`;
}

/** @returns undefined for what is told once a second or once a minute */
export function eventLine(event: FollowedEvent): string | undefined {
  const { kind, host, timeText, incident = "", fields } = event;
  const head = `${timeText} ${printable(host)}`;
  if (kind === "began") return `${head} began ${printable(incident)}: ${printable(ruleOf(fields) ?? "?")}`;
  if (kind === "ended") return `${head} ended ${printable(incident)}: ${endOf(fields)}`;
  return undefined;
}

function endOf(fields: Fields): string {
  const { packets, dropped } = fieldsOf(fields.total) ?? {};
  const parts = [
    printable(textOf(fields.why) ?? "?"),
    ...countOf(packets, "packets"),
    ...countOf(dropped, "dropped"),
    ...(typeof fields.seconds === "number" ? [`${Math.round(fields.seconds)} s`] : []),
  ];
  return parts.join(", ");
}

function countOf(value: unknown, noun: string): string[] {
  const count = wholeOf(value);
  return count === undefined ? [] : [`${count.toLocaleString("en")} ${noun}`];
}
