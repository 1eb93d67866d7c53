/** Reads rules of `--trigger`. docs/watch.md has the grammar; each function here reads one line of it. */

import { secondsOf } from "../../options/index.ts";
import { TRAFFIC_KEYS } from "../../packets/traffic-counts.ts";
import { isCountedOfKeys, isTraffic, KEY_SUBJECTS, SUBJECTS, type Subject, TRAFFIC_SUBJECTS } from "./subjects.ts";
import type { Condition, Trigger } from "./trigger.ts";
import { type Token, TriggerText } from "./trigger-text.ts";

/** Packets or bytes a second below which no multiple of the usual is a flood. */
export const USUAL_FLOOR = 1000;
/** Packets a second below which no ratio is a flood. */
export const RATIO_FLOOR = 100;

const LIMIT = 'a limit such as "20000/s" or "8x"';

/**
 * @param option the option that messages begin with, such as `triggers[2]` of a file
 * @throws RingcapError USAGE that says what was expected, with a caret under the place
 */
export function parseTrigger(text: string, option = "trigger"): Trigger {
  const rule = new TriggerText(text, option);
  const condition = readCondition(rule);
  const isLasting = rule.takeWord("for");
  const forSeconds = isLasting ? readTime(rule) : 0;
  rule.expectEnd(isLasting ? [] : condition.kind === "rate" ? ["per", "for"] : ["for"]);
  return { text, condition, forSeconds };
}

function readCondition(rule: TriggerText): Condition {
  const first = rule.peek();
  const subject = readSubject(rule);
  if (subject !== undefined && rule.takeSign("/")) return readRatio(rule, subject, first);
  rule.takeSign(">");
  const value = rule.takeNumber();
  if (value === undefined) {
    const expected = subject === undefined ? `a subject or ${LIMIT}` : LIMIT;
    return rule.failAt(rule.peek(), expected, SUBJECTS, rateInHabit(rule.peek().word));
  }
  if (value.isMultiple || rule.takeWord("x")) {
    const known = subject ?? "packets";
    if (!isTraffic(known)) return rule.failAt(first, `a kind of packets, because nothing is learnt of ${known}`);
    if (value.amount <= 1) return rule.failAt(value.token, "a multiple of more than 1");
    return { kind: "usual", subject: known, times: value.amount, floor: readFloor(rule, USUAL_FLOOR) };
  }
  expectPerSecond(rule);
  const rate = { perSecond: value.amount, subject: subject ?? "packets" } as const;
  if (!rule.takeWord("per")) return { kind: "rate", ...rate };
  const key = rule.takeOneOf(TRAFFIC_KEYS) ?? rule.fail(`one of ${TRAFFIC_KEYS.join(", ")}`, TRAFFIC_KEYS);
  if (!isCountedOfKeys(rate.subject)) return rule.failAt(first, `one of ${KEY_SUBJECTS.join(", ")} in a rule per key`);
  return { kind: "key", subject: rate.subject, perSecond: rate.perSecond, key };
}

/** A word that is no number must be a subject. */
function readSubject(rule: TriggerText): Subject | undefined {
  const subject = rule.takeOneOf(SUBJECTS);
  if (subject === undefined && rule.isAtWord()) return rule.fail(`a subject or ${LIMIT}`, SUBJECTS);
  return subject;
}

function readRatio(rule: TriggerText, subject: Subject, first: Token): Condition {
  if (!isTraffic(subject)) return rule.failAt(first, "a kind of packets in a ratio");
  const other = rule.takeOneOf(TRAFFIC_SUBJECTS) ?? rule.fail("a kind of packets behind the slash", TRAFFIC_SUBJECTS);
  rule.takeSign(">");
  const value = rule.takeNumber() ?? rule.fail("a ratio such as 5", []);
  if (value.isMultiple) return rule.failAt(value.token, "a ratio without x");
  if (value.amount === 0) return rule.failAt(value.token, "a ratio of more than 0");
  return { kind: "ratio", subject, other, ratio: value.amount, floor: readFloor(rule, RATIO_FLOOR) };
}

function readFloor(rule: TriggerText, otherwise: number): number {
  if (!rule.takeWord("above")) return otherwise;
  const { amount, isMultiple, token } = rule.takeNumber() ?? rule.fail('a rate such as "1000/s"', []);
  if (isMultiple) return rule.failAt(token, 'a rate such as "1000/s"');
  expectPerSecond(rule);
  return amount;
}

function expectPerSecond(rule: TriggerText): void {
  if (!rule.takeSign("/") || !rule.takeWord("s")) rule.fail('"/s", because rates are by the second', []);
}

/** The unit may stand apart from its number, and be written in capitals. */
function readTime(rule: TriggerText): number {
  const token = rule.take();
  const isAlone = /^[\d.]+$/.test(token.word);
  const text = (isAlone && rule.isAtWord() ? token.word + rule.take().word : token.word).toLowerCase();
  const seconds = /\d[a-z]/.test(text) ? secondsOf(text) : undefined;
  return seconds ?? rule.failAt(token, "a time such as 500ms, 2s or 1m");
}

/** Returns the rule that is meant by a rate as other tools have it: 100MB/s, 100Mbit/s, 20kpps. */
function rateInHabit(word: string): string | undefined {
  const [, digits = "", prefix = "", unit] = /^(\d+(?:\.\d+)?)([kMG]?)i?(B|Bps|b|bit|bps|pps)$/.exec(word) ?? [];
  switch (unit) {
    case undefined:
      return undefined;
    case "pps":
      return `${digits}${prefix}/s`;
    case "B":
    case "Bps":
      return `bytes > ${digits}${prefix}/s`;
    default:
      return `bytes > ${Number(digits) / 8}${prefix}/s`;
  }
}
