/** The questions and records of DNS messages. */
import dnsPacket from "dns-packet";
import { formatIpv4Address, formatIpv6Address } from "../../pcap-parser/index.ts";
import { dnsClassName, dnsTypeName } from "./dns-names.ts";
import type { Line } from "./line.ts";
import { caretText } from "./text.ts";

/** Where names may point to: the message, as far as it was captured. */
export interface Message {
  readonly at: number;
  readonly end: number;
  readonly isMulticast: boolean;
  readonly counts: readonly [questions: number, answers: number, authorities: number, additional: number];
}

const CLASS_INTERNET = 1;
/** RFC 6762: the answer may come by unicast; the record replaces what is known. */
const UNICAST_OR_FLUSH = 0x8000;
const TYPE_OPT = 41;
const HEADER_LENGTH = 12;
/** Records that are walked over in search of OPT. */
const MOST_SKIPPED = 128;

/** Eight more bits of the response code, in the first OPT record (RFC 6891), if it is there and captured. */
export function findExtendedCode(line: Line, { at, end, counts }: Message): number {
  const [questions, answers, authorities, additional] = counts;
  const before = questions + answers + authorities;
  if (additional === 0 || before > MOST_SKIPPED) return 0;
  let place: number | undefined = at + HEADER_LENGTH;
  for (let index = 0; index < before + additional && index < MOST_SKIPPED; index++) {
    place = skipName(line, place, end);
    if (place === undefined || place + 4 > end) return 0;
    if (index < questions) {
      place += 4;
      continue;
    }
    if (place + 10 > end) return 0;
    if (index >= before && line.u16(place) === TYPE_OPT) return line.u8(place + 4);
    place += 10 + line.u16(place + 8);
  }
  return 0;
}

function skipName(line: Line, start: number, end: number): number | undefined {
  let at = start;
  while (at < end) {
    const length = line.u8(at);
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    at += 1 + length;
  }
  return undefined;
}

/** @returns the byte behind the question, which is printed unless `prefix` is undefined */
export function printQuestion(line: Line, section: Message, at: number, prefix: string | undefined): number {
  const name = readName(line, section, at);
  const type = line.u16(name.next);
  const given = line.u16(name.next + 2);
  const next = name.next + 4;
  if (prefix === undefined) return next;
  const queried = section.isMulticast ? given & ~UNICAST_OR_FLUSH : given;
  const way = section.isMulticast ? (queried === given ? " (QM)" : " (QU)") : "";
  const netClass = queried === CLASS_INTERNET ? "" : ` ${dnsClassName(queried)}`;
  line.add(`${prefix} ${dnsTypeName(type)}${way}${netClass}? ${name.text}`);
  return next;
}

/** @returns the byte behind the record */
export function printAnswer(line: Line, section: Message, at: number): number {
  const owner = readName(line, section, at);
  if (line.flags.verbose > 2) line.add(` ${owner.text}`);
  const type = line.u16(owner.next);
  const given = line.u16(owner.next + 2);
  const isFlush = section.isMulticast && type !== TYPE_OPT && (given & UNICAST_OR_FLUSH) !== 0;
  if (isFlush) line.add(" (Cache flush)");
  const netClass = section.isMulticast ? given & ~UNICAST_OR_FLUSH : given;
  if (netClass !== CLASS_INTERNET && type !== TYPE_OPT) line.add(` ${dnsClassName(netClass)}`);
  const lifetime = line.u32(owner.next + 4);
  if (line.flags.verbose > 2 && type !== TYPE_OPT) line.add(` [${relativeTime(lifetime)}]`);
  const length = line.u16(owner.next + 8);
  const data = owner.next + 10;
  line.add(` ${dnsTypeName(type)}`);
  line.need(data, length);
  if (data + length > section.end) line.cut();
  printData(line, section, type, data, length, given, lifetime);
  return data + length;
}

function printData(
  line: Line,
  section: Message,
  type: number,
  at: number,
  length: number,
  givenClass: number,
  lifetime: number,
): void {
  switch (type) {
    case 1:
      line.need(at, 4);
      return line.add(` ${formatIpv4Address(line.bytes, at)}`);
    case 2:
    case 5:
    case 12:
    case 39:
      return line.add(` ${readName(line, section, at).text}`);
    case 6:
      return printStartOfAuthority(line, section, at);
    case 15:
      return line.add(` ${readName(line, section, at + 2).text} ${line.u16(at)}`);
    case 16:
    case 99:
      for (let place = at; place < at + length; ) place = addString(line, place, at + length);
      return;
    case 28:
      line.need(at, 16);
      return line.add(` ${formatIpv6Address(line.bytes, at)}`);
    case 33: {
      const target = readName(line, section, at + 6).text;
      return line.add(` ${target}:${line.u16(at + 4)} ${line.u16(at)} ${line.u16(at + 2)}`);
    }
    case TYPE_OPT:
      line.add(` UDPsize=${givenClass}`);
      if ((lifetime & 0x8000) !== 0) line.add(" DO");
      return;
    case 256:
      line.add(` ${line.u16(at)} ${line.u16(at + 2)} `);
      return line.add(caretText(line.slice(at + 4, Math.max(0, length - 4))));
    default:
      return;
  }
}

function printStartOfAuthority(line: Line, section: Message, at: number): void {
  if (line.flags.verbose === 0) return;
  const primary = readName(line, section, at);
  const mailbox = readName(line, section, primary.next);
  line.add(` ${primary.text} ${mailbox.text}`);
  for (let index = 0; index < 5; index++) line.add(` ${line.u32(mailbox.next + 4 * index)}`);
}

/** @returns the byte behind the string, which is printed in quotation marks */
function addString(line: Line, at: number, end: number): number {
  const length = line.u8(at);
  const next = Math.min(at + 1 + length, end);
  line.add(` "${caretText(line.slice(at + 1, next - at - 1))}"`);
  return next;
}

/** The library reads names: it follows pointers backwards only, and refuses what is too long. */
function readName(line: Line, { at: start, end }: Message, at: number): { text: string; next: number } {
  if (at >= end) line.cut();
  const { bytes } = line;
  const message = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  let name: string;
  try {
    name = dnsPacket.name.decode(message, at - start);
  } catch {
    return line.cut();
  }
  const next = at + dnsPacket.name.decode.bytes;
  return { text: name === "." ? "." : `${caretText(Buffer.from(name))}.`, next };
}

/** `2h30m`, as tcpdump writes the lifetime of a record. */
function relativeTime(seconds: number): string {
  const units = [
    [604_800, "w"],
    [86_400, "d"],
    [3600, "h"],
    [60, "m"],
    [1, "s"],
  ] as const;
  if (seconds === 0) return "0s";
  let left = seconds;
  let text = "";
  for (const [unit, letter] of units) {
    if (left >= unit) text += `${Math.floor(left / unit)}${letter}`;
    left %= unit;
  }
  return text;
}
