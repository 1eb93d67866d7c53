/** The questions and records of DNS messages. */
import dnsPacket from "dns-packet";
import { formatHex, formatIpv4Address } from "../../pcap-parser/index.ts";
import { dnsClassName, dnsExtensionName, dnsTypeName } from "./dns-names.ts";
import { ipv6At } from "./ip-header.ts";
import type { Line } from "./line.ts";
import { caretText } from "./text.ts";

/** The part of the packet to which names may point: the message, as far as it was captured. */
export interface Message {
  readonly at: number;
  readonly end: number;
  readonly isMulticast: boolean;
  readonly counts: readonly [questions: number, answers: number, authorities: number, additional: number];
}

const CLASS_INTERNET = 1;
/**
 * The highest bit of a class in multicast DNS (RFC 6762). In a question it allows an answer by unicast. In a record it
 * replaces what is cached.
 */
const UNICAST_OR_FLUSH = 0x8000;
const TYPE_OPT = 41;
const HEADER_LENGTH = 12;
/** The most records that are skipped in search of an OPT record. */
const MOST_SKIPPED = 128;

/**
 * Returns the upper eight bits of the response code from the first OPT record (RFC 6891), if there is one and it was
 * captured.
 */
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

/** Prints a question, unless `prefix` is undefined. @returns the offset of the byte behind it */
export function printQuestion(line: Line, message: Message, at: number, prefix: string | undefined): number {
  const after = skipName(line, at, message.end);
  if (after === undefined || after + 4 > message.end) return prefix === undefined ? message.end : line.cut();
  const next = after + 4;
  if (prefix === undefined) return next;
  const type = line.u16(after);
  const given = line.u16(after + 2);
  const queried = message.isMulticast ? given & ~UNICAST_OR_FLUSH : given;
  const way = message.isMulticast ? (queried === given ? " (QM)" : " (QU)") : "";
  const netClass = queried === CLASS_INTERNET ? "" : ` ${dnsClassName(queried)}`;
  line.add(`${prefix} ${dnsTypeName(type)}${way}${netClass}? `);
  line.add(readName(line, message, at).text);
  return next;
}

/** Prints a record. @returns the offset of the byte behind it */
export function printAnswer(line: Line, message: Message, at: number): number {
  const after = skipName(line, at, message.end);
  // tcpdump takes a record whose fixed part was not captured for the last one.
  if (after === undefined || after + 10 > message.end) return message.end;
  if (line.flags.verbose > 0) line.add(` ${readName(line, message, at).text}`);
  const type = line.u16(after);
  const given = line.u16(after + 2);
  const isFlush = message.isMulticast && type !== TYPE_OPT && (given & UNICAST_OR_FLUSH) !== 0;
  if (isFlush) line.add(" (Cache flush)");
  const netClass = message.isMulticast ? given & ~UNICAST_OR_FLUSH : given;
  if (netClass !== CLASS_INTERNET && type !== TYPE_OPT) line.add(` ${dnsClassName(netClass)}`);
  const lifetime = line.u32(after + 4);
  if (line.flags.verbose > 2 && type !== TYPE_OPT) line.add(` [${relativeTime(lifetime)}]`);
  const length = line.u16(after + 8);
  const data = after + 10;
  line.add(` ${dnsTypeName(type)}`);
  if (data + length > message.end) line.cut();
  printData(line, message, type, data, length, given, lifetime);
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
      for (let place = at; place < at + length; ) place = addString(line, place, at + length);
      return;
    case 28:
      line.need(at, 16);
      return line.add(` ${ipv6At(line, at)}`);
    case 33: {
      const target = readName(line, section, at + 6).text;
      return line.add(` ${target}:${line.u16(at + 4)} ${line.u16(at)} ${line.u16(at + 2)}`);
    }
    case TYPE_OPT:
      line.add(` UDPsize=${givenClass}`);
      if ((lifetime & 0x8000) !== 0) line.add(" DO");
      return printExtensions(line, at, at + length);
    case 256:
      line.add(` ${line.u16(at)} ${line.u16(at + 2)} `);
      return line.add(caretText(line.slice(at + 4, Math.max(0, length - 4))));
    default:
      return;
  }
}

/** Prints the extensions of DNS (RFC 6891): ` [COOKIE 36bf111fef2e0109]`. */
function printExtensions(line: Line, start: number, end: number): void {
  if (start >= end) return;
  const texts: string[] = [];
  for (let at = start; at < end; ) {
    const code = line.u16(at);
    const size = line.u16(at + 2);
    const value = formatHex(line.slice(at + 4, size));
    texts.push(`${dnsExtensionName(code)}${value === "" ? "" : ` ${value}`}`);
    at += 4 + size;
  }
  line.add(` [${texts.join(",")}]`);
}

function printStartOfAuthority(line: Line, section: Message, at: number): void {
  if (line.flags.verbose === 0) return;
  const primary = readName(line, section, at);
  const mailbox = readName(line, section, primary.next);
  line.add(` ${primary.text} ${mailbox.text}`);
  for (let index = 0; index < 5; index++) line.add(` ${line.u32(mailbox.next + 4 * index)}`);
}

/** Prints a string in quotation marks. @returns the offset of the byte behind it */
function addString(line: Line, at: number, end: number): number {
  const length = line.u8(at);
  const next = Math.min(at + 1 + length, end);
  line.add(` "${caretText(line.slice(at + 1, next - at - 1))}"`);
  return next;
}

/** Reads a name with the library, which follows pointers backwards only, and refuses names that are too long. */
function readName(line: Line, { at: start, end }: Message, at: number): { text: string; next: number } {
  if (at >= end) line.cut();
  const { bytes } = line;
  const message = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  // The library takes labels for UTF-8. Latin-1 keeps each byte, so that the labels can be printed byte by byte.
  message.toString = (_encoding, from, to) => Buffer.prototype.toString.call(message, "latin1", from, to);
  let name: string;
  try {
    name = dnsPacket.name.decode(message, at - start);
  } catch (error) {
    if (error instanceof Error && error.message.includes("bad pointer")) line.add("<BAD PTR>");
    return line.cut();
  }
  const next = at + dnsPacket.name.decode.bytes;
  return { text: name === "." ? "." : `${caretText(Buffer.from(name, "latin1"))}.`, next };
}

/** Returns the lifetime of a record as tcpdump writes it: `2h30m`. */
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
