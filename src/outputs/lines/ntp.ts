/** NTP (RFC 5905). */

import { formatIpv4Address } from "../../pcap-parser/index.ts";
import type { Line } from "./line.ts";
import { caretText } from "./text.ts";

const LENGTH_WITHOUT_KEY = 48;
const MODES = [
  "unspecified",
  "symmetric active",
  "symmetric passive",
  "Client",
  "Server",
  "Broadcast",
  "Control Message",
  "Reserved",
];
const LEAP = ["", "+1s", "-1s", "clock unsynchronized"];
/** Seconds from 1900, the epoch of NTP, to 1970. */
const EPOCH = 2_208_988_800;
const TIMES = ["Reference", "Originator", "Receive", "Transmit"];

/** Prints text such as `NTPv4, Client, length 48`. */
export function printNtp(line: Line, at: number, length: number): void {
  line.protocol = "ntp";
  const status = line.u8(at);
  const version = (status & 0x38) >> 3;
  const mode = status & 7;
  line.add(`NTPv${version}, ${MODES[mode]}, length ${length}`);
  if (line.flags.verbose === 0) return;
  if (mode === 6 || mode === 7) return;
  if (length < LENGTH_WITHOUT_KEY) return line.invalid();
  const leap = status >> 6;
  line.add(`\n\tLeap indicator: ${LEAP[leap]} (${status & 0xc0})`);
  const stratum = line.u8(at + 1);
  line.add(
    `, Stratum ${stratum} (${stratum === 0 ? "unspecified" : stratum === 1 ? "primary reference" : "secondary reference"})`,
  );
  const poll = line.u8(at + 2);
  line.add(`, poll ${poll} (${poll < 32 ? `${2 ** poll}s` : `1/${2 ** (256 - poll)}s`})`);
  const precision = (line.u8(at + 3) << 24) >> 24;
  line.add(`, precision ${precision}`);
  line.add(`\n\tRoot Delay: ${shortTime(line, at + 4)}, Root dispersion: ${shortTime(line, at + 8)}, Reference-ID: `);
  line.need(at + 12, 4);
  if (stratum === 0) line.add("(unspec)");
  else if (stratum === 1) line.add(caretText(line.slice(at + 12, 4).filter((byte) => byte !== 0)));
  else line.add(formatIpv4Address(line.bytes, at + 12));
  for (const [index, name] of TIMES.entries()) addTime(line, name, at + 16 + 8 * index);
  addDifference(line, "Receive", at + 24, at + 32);
  addDifference(line, "Transmit", at + 24, at + 40);
}

function shortTime(line: Line, at: number): string {
  return (line.u16(at) + line.u16(at + 2) / 65_536).toFixed(6);
}

function seconds(line: Line, at: number): number {
  return line.u32(at) + line.u32(at + 4) / 4_294_967_296;
}

function fractionText(fraction: number): string {
  return String(Math.floor((fraction / 4_294_967_296) * 1_000_000_000)).padStart(9, "0");
}

function addTime(line: Line, name: string, at: number): void {
  const whole = line.u32(at);
  line.add(`\n\t  ${`${name} Timestamp:`.padEnd(21)}  ${whole}.${fractionText(line.u32(at + 4))}`);
  if (whole !== 0) line.add(` (${new Date((whole - EPOCH) * 1000).toISOString().replace(/\.000Z$/, "Z")})`);
}

function addDifference(line: Line, name: string, from: number, to: number): void {
  const difference = seconds(line, to) - (line.u32(from) === 0 ? 0 : seconds(line, from));
  line.add(
    `\n\t    Originator - ${`${name} Timestamp:`.padEnd(20)} ${difference < 0 ? "" : "+"}${difference.toFixed(9)}`,
  );
}
