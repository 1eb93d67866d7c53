/** The subjects of NATS that events are published on, and the ids by which the server and readers know them again. */
import { randomBytes } from "node:crypto";
import { usageError } from "../../errors.ts";
import { EVENT_NAMES, type EventName } from "./fleet-event.ts";

export const DEFAULT_SUBJECT = "ringcap.{host}.{event}";
/** What a token of a subject must not have: the signs that mean something to NATS, blanks, and what is not ASCII. */
const FORBIDDEN = /[^!-~]|[.*>]/gu;
/** Tokens of a template: text without such signs and braces, {host} and {event}. */
const TEMPLATE = /^(?:[^\s.*>{}]|\{host\}|\{event\})+(?:\.(?:[^\s.*>{}]|\{host\}|\{event\})+)*$/;
/** Subjects of the server itself begin so. */
const RESERVED = /^(?:\$|_INBOX)/;
/** The longest template, in characters. */
const LONGEST = 200;

/** Returns a text as a token of a subject: what NATS does not allow there becomes "_". */
export function subjectToken(text: string): string {
  return text.replaceAll(FORBIDDEN, "_") || "_";
}

/** @throws RingcapError USAGE for a template that makes no subject, or the same one for all events */
export function checkSubject(template: string, option = "--subject"): string {
  const hint = `type it as ${DEFAULT_SUBJECT}`;
  if (template.length > LONGEST || !TEMPLATE.test(template) || RESERVED.test(template)) {
    throw usageError(option, `"${template}" is no subject of NATS for events`, hint);
  }
  const tokens = template.split(".");
  for (const placeholder of ["{host}", "{event}"]) {
    const isToken = tokens.filter((token) => token === placeholder).length === 1;
    if (!isToken || template.split(placeholder).length !== 2) {
      throw usageError(option, `"${template}" has not one token that is ${placeholder}`, hint);
    }
  }
  if (tokens[0]?.includes("{")) {
    throw usageError(option, `"${template}" begins with what differs, and would take all subjects of the server`, hint);
  }
  return template;
}

export function subjectOf(template: string, host: string, event: EventName): string {
  return template.replace(/\{host\}|\{event\}/g, (placeholder) =>
    placeholder === "{host}" ? subjectToken(host) : event,
  );
}

/**
 * Whether a template that is not known makes this subject of the host and the event. A host can pass for another one only where that one is
 * called as a token of the template.
 */
export function canBeSubjectOf(subject: string, host: string, event: EventName): boolean {
  const tokens = subject.split(".").slice(1);
  const at = tokens.indexOf(event);
  if (at >= 0) tokens.splice(at, 1);
  return at >= 0 && tokens.includes(subjectToken(host));
}

/** The subjects of all events of a host. */
export function subjectsOfHost(template: string, host: string): readonly string[] {
  return EVENT_NAMES.map((event) => subjectOf(template, host, event));
}

/** What a reader of all hosts and events subscribes to: ringcap.*.* */
export function subjectOfAll(template: string): string {
  return template.replace(/\{host\}|\{event\}/g, "*");
}

/** What the stream takes: all that begins as the template does up to its first placeholder. */
export function subjectOfStream(template: string): string {
  return `${template.slice(0, template.indexOf("{"))}>`;
}

/**
 * Returns the id of an event, which is the Nats-Msg-Id too. Two watches of one host begin at different nanoseconds, and two hosts
 * have different names.
 *
 * @param watch when the watch began, in nanoseconds since the epoch as decimal digits
 */
export function eventId(host: string, watch: string, sequence: number, secret = randomSecret()): string {
  return `${subjectToken(host)}-${watch}-${sequence}-${secret.toString(16).padStart(16, "0")}`;
}

function randomSecret(): bigint {
  return randomBytes(8).readBigUInt64LE();
}
