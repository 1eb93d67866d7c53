/** DNS (RFC 1035), over UDP, TCP and multicast (RFC 6762). */

import { findExtendedCode, type Message, printAnswer, printQuestion } from "./dns-records.ts";
import type { Line } from "./line.ts";

const HEADER_LENGTH = 12;
/**
 * The most records that are printed. A message that states thousands of records and carries none must not cost more
 * than one that has them.
 */
const MOST_RECORDS = 256;

/** The texts of operation codes; "" stands for a query. */
const OPERATIONS = [
  "",
  " inv_q",
  " stat",
  " op3",
  " notify",
  " update",
  " op6",
  " op7",
  " op8",
  " updateA",
  " updateD",
  " updateDA",
  " updateM",
  " updateMA",
  " zoneInit",
  " zoneRef",
];

/** The texts of response codes. */
const RESPONSES: ReadonlyMap<number, string> = new Map([
  [0, ""],
  [1, " FormErr"],
  [2, " ServFail"],
  [3, " NXDomain"],
  [4, " NotImp"],
  [5, " Refused"],
  [6, " YXDomain"],
  [7, " YXRRSet"],
  [8, " NXRRSet"],
  [9, " NotAuth"],
  [10, " NotZone"],
  [15, " NoChange"],
  [16, " BadVers"],
  [17, " BadKey"],
  [18, " BadTime"],
  [19, " BadMode"],
  [20, " BadName"],
  [21, " BadAlg"],
  [22, " BadTrunc"],
  [23, " BadCookie"],
]);

export function printDns(line: Line, at: number, length: number): void {
  printMessage(line, at, length, false);
}

export function printMulticastDns(line: Line, at: number, length: number): void {
  printMessage(line, at, length, true);
}

/** Prints a message over TCP, which begins with two bytes that state its length. */
export function printDnsOverTcp(line: Line, at: number, length: number): void {
  line.protocol = "domain";
  line.add(" ");
  if (length < 2) {
    line.add(`[DNS over TCP: length ${length} < 2]`);
    return line.invalid();
  }
  const stated = line.u16(at);
  if (stated !== length - 2) {
    line.add(`[prefix length(${stated}) != length(${length - 2})]`);
    return line.invalid();
  }
  printMessage(line, at + 2, length - 2, false);
}

/** Prints text such as `4660+ A? example.com. (29)`, `17177*- 2/2/5 A 192.0.2.1, A 192.0.2.2 (224)`. */
function printMessage(line: Line, at: number, length: number, isMulticast: boolean): void {
  line.protocol = "domain";
  if (length < HEADER_LENGTH) {
    line.add(`domain [length ${length} < ${HEADER_LENGTH}]`);
    return line.invalid();
  }
  line.need(at, HEADER_LENGTH);
  const bits = line.u16(at + 2);
  const isResponse = (bits & 0x8000) !== 0;
  const message: Message = {
    at,
    end: Math.min(at + length, line.end),
    isMulticast,
    counts: [line.u16(at + 4), line.u16(at + 6), line.u16(at + 8), line.u16(at + 10)],
  };
  if (isResponse) printResponse(line, message, bits);
  else printQuery(line, message, bits);
  line.add(` (${length})`);
}

function printResponse(line: Line, message: Message, bits: number): void {
  const { at, counts } = message;
  const [questions, answers, authorities, additional] = counts;
  const code = (bits & 0xf) | (findExtendedCode(line, message) << 4);
  const name = RESPONSES.get(code) ?? ` Resp${code}`;
  const letters = `${bit(bits, 0x0400, "*")}${bit(bits, 0x0080, "", "-")}${bit(bits, 0x0200, "|")}${bit(bits, 0x0020, "$")}`;
  line.add(`${line.u16(at)}${OPERATIONS[(bits >> 11) & 0xf]}${name}${letters}`);
  if (questions !== 1) line.add(` [${questions}q]`);
  let next = at + HEADER_LENGTH;
  for (let index = 0; index < questions; index++) {
    if (index === MOST_RECORDS) return line.mark();
    if (next >= message.end) break;
    next = printQuestion(line, message, next, line.flags.verbose > 1 ? (index === 0 ? " q:" : ", q:") : undefined);
  }
  line.add(` ${answers}/${authorities}/${additional}`);
  next = printSection(line, message, next, answers);
  if (line.flags.verbose < 2) return;
  if (authorities > 0) line.add(" ns:");
  next = printSection(line, message, next, authorities);
  if (additional > 0) line.add(" ar:");
  printSection(line, message, next, additional);
}

function printQuery(line: Line, message: Message, bits: number): void {
  const { at, counts } = message;
  const [questions, answers, authorities, additional] = counts;
  const operation = (bits >> 11) & 0xf;
  line.add(`${line.u16(at)}${OPERATIONS[operation]}${bit(bits, 0x0100, "+")}${bit(bits, 0x0010, "%")}`);
  const others = bits & 0x06cf;
  if (others !== 0) line.add(` [b2&3=0x${bits.toString(16)}]`);
  if (operation === 1) {
    if (questions !== 0) line.add(` [${questions}q]`);
    if (answers !== 1) line.add(` [${answers}a]`);
  } else {
    if (answers !== 0) line.add(` [${answers}a]`);
    if (questions !== 1) line.add(` [${questions}q]`);
  }
  if (authorities !== 0) line.add(` [${authorities}n]`);
  if (additional !== 0) line.add(` [${additional}au]`);
  let next = at + HEADER_LENGTH;
  for (let index = 0; index < questions; index++) {
    if (index === MOST_RECORDS) return line.mark();
    next = printQuestion(line, message, next, "");
  }
  if (line.flags.verbose < 2) return;
  next = printSection(line, message, next, answers);
  if (authorities > 0) line.add(" ns:");
  next = printSection(line, message, next, authorities);
  if (additional > 0) line.add(" ar:");
  printSection(line, message, next, additional);
}

function printSection(line: Line, message: Message, start: number, count: number): number {
  let next = start;
  for (let index = 0; index < count; index++) {
    if (index === MOST_RECORDS) line.cut();
    if (index > 0) {
      if (next >= message.end) line.cut();
      line.add(",");
    }
    next = printAnswer(line, message, next);
  }
  return next;
}

function bit(bits: number, mask: number, set: string, otherwise = ""): string {
  return (bits & mask) !== 0 ? set : otherwise;
}
