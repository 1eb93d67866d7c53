/** An event on its way: a line of JSON, with what is asked of it on the way. */
import { EVENT_NAMES, type EventName, type FleetEvent } from "../events/fleet-event.ts";

export interface EventLine {
  /** JSON without a line feed. */
  readonly text: string;
  /** Bytes of the text and its line feed. */
  readonly bytes: number;
  readonly id: string;
  readonly host: string;
  readonly watch: string;
  readonly sequence: number;
  readonly event: EventName;
}

export function eventLine(event: FleetEvent): EventLine {
  return lineOf(event, JSON.stringify(event));
}

/** Returns the line of a text; undefined for one that is no event, such as a line that was only written in part. */
export function parseEventLine(text: string): EventLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isEvent(value) ? lineOf(value, text) : undefined;
  } catch {
    return undefined;
  }
}

function lineOf({ id, host, watch, sequence, event }: FleetEvent, text: string): EventLine {
  return { text, bytes: Buffer.byteLength(text) + 1, id, host, watch, sequence, event };
}

function isEvent(value: unknown): value is FleetEvent {
  if (typeof value !== "object" || value === null) return false;
  const { id, host, watch, sequence, event } = value as Partial<Record<keyof FleetEvent, unknown>>;
  const areTexts = [id, host, watch].every((text) => typeof text === "string");
  return areTexts && Number.isSafeInteger(sequence) && EVENT_NAMES.some((name) => name === event);
}

/** Whether it is dropped before others for want of room: later events tell the same of the incident or the host again. A beginning and an end are told once. */
export function isReplaceable({ event }: Pick<EventLine, "event">): boolean {
  return event === "changed" || event === "health";
}

/**
 * Takes lines out until the others have no more bytes than a limit: the oldest replaceable ones, and where these do not suffice the
 * oldest others.
 *
 * @param lines in their order; the first `kept` of them stay @returns what stays, and what was taken out
 */
export function withinBytes(
  lines: readonly EventLine[],
  limit: number,
  kept = 0,
): { readonly stay: readonly EventLine[]; readonly dropped: readonly EventLine[] } {
  let bytes = lines.reduce((sum, line) => sum + line.bytes, 0);
  const dropped = new Set<EventLine>();
  const candidates = lines.slice(kept);
  for (const line of [...candidates.filter(isReplaceable), ...candidates.filter((line) => !isReplaceable(line))]) {
    if (bytes <= limit) break;
    bytes -= line.bytes;
    dropped.add(line);
  }
  return { stay: lines.filter((line) => !dropped.has(line)), dropped: [...dropped] };
}
