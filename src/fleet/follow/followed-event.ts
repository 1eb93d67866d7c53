/** Reads a message of the stream as an event. Whoever may publish chooses every byte of it. */
import { printableJson } from "../../outputs/printable.ts";
import { EVENT_NAMES, type EventName } from "../events/fleet-event.ts";
import { canBeSubjectOf } from "../events/subject.ts";
import { type Fields, fieldsOf, wholeOf } from "../json-fields.ts";
import type { RecordTime } from "../parquet/record-rows.ts";
import { hostInPath } from "../partition.ts";

/** Why a message is no event: its payload is too long, no JSON object, of another version, lacks what every event has, or names another host. */
export type Refusal = "too long" | "no JSON" | "of another version" | "malformed" | "of another host than its subject";

export interface FollowedEvent {
  readonly id: string;
  readonly host: string;
  /** As the event has it. */
  readonly timeText: string;
  readonly time: RecordTime;
  readonly kind: EventName;
  /** The name of the directory of the incident; undefined of health. */
  readonly incident: string | undefined;
  readonly sequence: number | undefined;
  /** All that the event has. */
  readonly fields: Fields;
  /** The same as one line. */
  readonly json: string;
}

/** The most bytes of an event. Those of watches have one or two thousand. */
export const EVENT_BYTES = 65_536;
const NAME_LENGTH = 255;
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;
const VERSION = 1;
/** The last second from the epoch on whose nanoseconds have room in 63 bits. */
const LATEST = 9_223_372_035;

/** @param subject under which it was published: the server decides who may publish there, and not what the event says of itself */
export function readEvent(payload: Uint8Array, subject: string): FollowedEvent | Refusal {
  if (payload.length > EVENT_BYTES) return "too long";
  const fields = parsed(payload);
  if (fields === undefined) return "no JSON";
  if (fields.version !== VERSION) return "of another version";
  const [id, host, timeText, incident] = [fields.id, fields.host, fields.time, fields.incident].map(nameOf);
  const time = timeText === undefined ? undefined : timeOf(timeText);
  const kind = EVENT_NAMES.find((name) => name === fields.event);
  if (id === undefined || host === undefined || timeText === undefined || time === undefined) return "malformed";
  if (kind === undefined || (kind !== "health" && incident === undefined)) return "malformed";
  const json = jsonOf(fields);
  if (json === undefined || !canBeInPath(host)) return "malformed";
  if (!canBeSubjectOf(subject, host, kind)) return "of another host than its subject";
  return { id, host, timeText, time, kind, incident, sequence: wholeOf(fields.sequence), fields, json };
}

function parsed(payload: Uint8Array): Fields | undefined {
  try {
    return fieldsOf(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload)));
  } catch {
    return undefined;
  }
}

function nameOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= NAME_LENGTH ? value : undefined;
}

function timeOf(text: string): RecordTime | undefined {
  const [, second, fraction = ""] = TIME.exec(text) ?? [];
  const seconds = Date.parse(`${second}Z`) / 1000;
  if (Number.isNaN(seconds) || seconds < 0 || seconds > LATEST) return undefined;
  // Date.parse() takes the 30th of February for the 2nd of March.
  if (new Date(seconds * 1000).toISOString().slice(0, 19) !== second) return undefined;
  return { seconds, nanoseconds: Number(fraction.padEnd(9, "0")) };
}

/** @returns undefined where objects lie within one another too deeply */
function jsonOf(fields: Fields): string | undefined {
  try {
    return printableJson(fields);
  } catch {
    return undefined;
  }
}

function canBeInPath(host: string): boolean {
  try {
    hostInPath(host);
    return true;
  } catch {
    return false;
  }
}
