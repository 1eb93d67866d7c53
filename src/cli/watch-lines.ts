/** What a watch says of its events, for people. */
import { HOST_CLOCK, type WatchEvent, zonedTime } from "../flood/index.ts";
import { printableJson } from "../outputs/index.ts";
import { counted } from "./counted.ts";
import { print, sayNote, sayWarning } from "./messages.ts";
import type { WatchFlags } from "./watch-options.ts";

type Firings = Extract<WatchEvent, { event: "trigger" }>["triggers"];

/** Returns what says events on standard error, and with --json prints them on standard output. @param then is called behind it */
export function watchTeller(
  { json, quiet }: WatchFlags,
  then: (event: WatchEvent) => void,
): (event: WatchEvent) => void {
  return (event) => {
    if (json) printEvent(event);
    const { text, isWarning } = watchLine(event);
    if (isWarning) sayWarning(text);
    else if (!quiet) sayNote(text);
    then(event);
  };
}

/** Prints an event as JSON, with the time at which it is printed. */
export function printEvent(event: Readonly<Record<string, unknown>>): void {
  print(`${printableJson({ time: zonedTime(HOST_CLOCK.time()), ...event })}\n`);
}

/** Returns the line of an event, and whether it is a warning. */
export function watchLine(event: WatchEvent): { text: string; isWarning?: true } {
  switch (event.event) {
    case "started":
      return { text: `watching ${event.interfaces.join(", ")}: incidents are written to ${event.directory}` };
    case "incident-began":
      return { text: `incident ${event.incident} began: ${rules(event.triggers)}` };
    case "trigger":
      return { text: `incident ${event.incident} goes on: ${rules(event.triggers)}` };
    case "sampling":
      return {
        text: event.oneIn === 1 ? "every packet is recorded again" : `one packet in ${event.oneIn} is recorded`,
      };
    case "incident-ended": {
      const { packets, why } = event.report;
      return {
        text: `incident ${event.incident} ended (${why}): ${counted(packets.written, "packet")} of ${packets.matched} in ${event.directory}`,
      };
    }
    case "incident-failed": {
      const lost =
        event.report === undefined
          ? ""
          : `; ${counted(event.report.packets.writeFailed, "packet")} could not be written`;
      const place = event.directory === undefined ? "" : `; what is written is in ${event.directory}`;
      return { text: `incident ${event.incident} failed: ${event.reason}${lost}${place}`, isWarning: true };
    }
    case "incident-removed":
      return { text: `incident ${event.incident} was removed, because newer ones need its place` };
    case "incident-left":
      return { text: `${event.directory} is of a watch that has not ended in order: it is left as it is` };
    case "history-short":
      return {
        text: `the history reaches back ${event.seconds.toFixed(1)} s: ${counted(event.packets, "packet")} had no room (a larger --history-size or a smaller -s helps)`,
        isWarning: true,
      };
    case "interface-gone":
      return { text: `${event.interface} went away`, isWarning: true };
    case "interface-awaited":
      return {
        text: `${event.interface} is not there: it is waited for (${event.near === undefined ? "" : `did you mean ${event.near}? `}ringcap -D lists those that are)`,
        isWarning: true,
      };
    case "interface-back":
      return { text: `${event.interface} is back` };
  }
}

function rules(firings: Firings): string {
  return firings
    .map(({ rule, key, value, threshold }) => {
      const of = key === undefined ? "" : ` of ${key}`;
      return `${rule}${of} (${Math.round(value)}, limit ${Math.round(threshold)})`;
    })
    .join(", ");
}
