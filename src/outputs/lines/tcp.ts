/** TCP (RFC 9293). */
import { TCP_FLAGS } from "../../pcap-parser/index.ts";
import { rightChecksum, sumWithPseudoHeader } from "./checksum.ts";
import type { IpHeader } from "./ip-fields.ts";
import { addPorts } from "./ip-header.ts";
import type { Line } from "./line.ts";
import { hex } from "./names.ts";
import { printTcpOptions } from "./tcp-options.ts";
import { tcpPayloadPrinter } from "./tcp-payloads.ts";

const SMALLEST_HEADER = 20;
const IP_PROTOCOL_TCP = 6;
/** The flags whose segments take a sequence number without having data. */
const OCCUPYING = TCP_FLAGS.syn | TCP_FLAGS.fin | TCP_FLAGS.rst;

/** The letters of flags in the order in which tcpdump writes them. */
const FLAG_LETTERS: readonly (readonly [number, string])[] = [
  [TCP_FLAGS.fin, "F"],
  [TCP_FLAGS.syn, "S"],
  [TCP_FLAGS.rst, "R"],
  [TCP_FLAGS.psh, "P"],
  [TCP_FLAGS.ack, "."],
  [TCP_FLAGS.urg, "U"],
  [TCP_FLAGS.ece, "E"],
  [TCP_FLAGS.cwr, "W"],
];

/** One text for each value of the eight flags that tcpdump 4.99 shows. It does not show the ninth flag (AE). */
const FLAG_TEXTS = Array.from({ length: 0x100 }, (_, flags) => {
  const text = FLAG_LETTERS.map(([bit, letter]) => ((flags & bit) !== 0 ? letter : "")).join("");
  return text === "" ? "none" : text;
});

/** Prints text such as `Flags [S], seq 1, win 64240, options [mss 1460], length 0`. */
export function printTcp(line: Line, at: number, length: number, header: IpHeader): void {
  line.protocol = "tcp";
  if (!line.has(at, 4)) {
    line.add(`${header.source} > ${header.destination}: `);
    return line.add("[|tcp]");
  }
  const source = line.u16(at);
  const destination = line.u16(at + 2);
  addPorts(line, header, source, destination);
  line.need(at, SMALLEST_HEADER);
  const headerLength = (line.u8(at + 12) >> 4) * 4;
  if (headerLength < SMALLEST_HEADER) {
    line.add(` tcp ${length - headerLength} [bad hdr length ${headerLength} - too short, < ${SMALLEST_HEADER}]`);
    return;
  }
  const flags = line.u8(at + 13);
  if (line.flags.quiet) {
    line.add(`tcp ${Math.max(0, length - headerLength)}`);
    if (headerLength > length) addTooLong(line, headerLength, length);
    return;
  }
  line.add(`Flags [${FLAG_TEXTS[flags]}]`);
  if (line.flags.verbose > 0 && !line.flags.uncheckedSums && !header.isFragment && line.has(at, length)) {
    addChecksum(line, at, length, header);
  }
  if (headerLength > length) return addTooLong(line, headerLength, length);
  const dataLength = length - headerLength;
  const base = baseOf(line, at, flags, header, source, destination);
  const sequence = (line.u32(at + 4) - base.own) >>> 0;
  if (line.flags.verbose > 1 || dataLength > 0 || (flags & OCCUPYING) !== 0) {
    line.add(`, seq ${sequence}`);
    if (dataLength > 0) line.add(`:${(sequence + dataLength) >>> 0}`);
  }
  if ((flags & TCP_FLAGS.ack) !== 0) line.add(`, ack ${(line.u32(at + 8) - base.other) >>> 0}`);
  line.add(`, win ${line.u16(at + 14)}`);
  if ((flags & TCP_FLAGS.urg) !== 0) line.add(`, urg ${line.u16(at + 18)}`);
  if (headerLength > SMALLEST_HEADER) {
    line.add(", options [");
    printTcpOptions(line, at + SMALLEST_HEADER, headerLength - SMALLEST_HEADER, base.sackBase, flags, dataLength);
    line.add("]");
  }
  line.add(`, length ${dataLength}`);
  if (dataLength > 0) tcpPayloadPrinter(source, destination)?.(line, at + headerLength, dataLength);
}

function addTooLong(line: Line, headerLength: number, length: number): void {
  line.add(` [bad hdr length ${headerLength} - too long, > ${length}]`);
}

function addChecksum(line: Line, at: number, length: number, header: IpHeader): void {
  const found = line.u16(at + 16);
  const sum = sumWithPseudoHeader(line, header, IP_PROTOCOL_TCP, at, length);
  line.add(`, cksum ${hex(found, 4)} `);
  line.add(sum === 0xffff ? "(correct)" : `(incorrect -> ${hex(rightChecksum(found, sum), 4)})`);
}

/**
 * The numbers that are subtracted from the sequence number, from the acknowledgement, and from selective
 * acknowledgements.
 */
interface Base {
  readonly own: number;
  readonly other: number;
  readonly sackBase: number;
}

const ABSOLUTE: Base = { own: 0, other: 0, sackBase: 0 };

/**
 * Returns the beginning of a connection. A connection begins with its first segment that acknowledges, and begins again
 * with a segment that has the SYN flag too. The first segment shows its numbers as they are, and later segments count
 * from there.
 */
function baseOf(
  line: Line,
  at: number,
  flags: number,
  header: IpHeader,
  sourcePort: number,
  destinationPort: number,
): Base {
  if (line.flags.absoluteSequence || (flags & TCP_FLAGS.ack) === 0) return ABSOLUTE;
  const order = compareAddresses(line, header);
  const isReversed = order > 0 || (order === 0 && sourcePort > destinationPort);
  const near = `${header.source} ${sourcePort}`;
  const far = `${header.destination} ${destinationPort}`;
  const key = isReversed ? `${far} ${near}` : `${near} ${far}`;
  const known = line.memory.connections.get(key);
  const sequence = line.u32(at + 4);
  const acknowledgement = line.u32(at + 8);
  if (known === undefined || (flags & TCP_FLAGS.syn) !== 0) {
    const before = (acknowledgement - 1) >>> 0;
    const beginning = isReversed ? { first: before, second: sequence } : { first: sequence, second: before };
    line.memory.connections.set(key, beginning);
    return { ...ABSOLUTE, sackBase: isReversed ? beginning.first : beginning.second };
  }
  return isReversed
    ? { own: known.second, other: known.first, sackBase: known.first }
    : { own: known.first, other: known.second, sackBase: known.second };
}

/** Compares two addresses by their bytes, so that both directions of a connection have one entry. */
function compareAddresses(line: Line, { version, at }: IpHeader): number {
  const [source, length] = version === 4 ? [at + 12, 4] : [at + 8, 16];
  for (let index = 0; index < length; index++) {
    const difference = line.u8(source + index) - line.u8(source + length + index);
    if (difference !== 0) return difference;
  }
  return 0;
}
