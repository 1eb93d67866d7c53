/** The option of Multipath TCP (RFC 6824 and 8684). */
import { formatHex, formatIpv4Address, TCP_FLAGS } from "../../pcap-parser/index.ts";
import { ipv6At } from "./ip-header.ts";
import type { Line } from "./line.ts";
import { hex } from "./names.ts";

/** Prints one subtype of the option. It returns whether the length is one that the subtype may have. */
type Subtype = (line: Line, at: number, length: number, flags: number, dataLength: number) => boolean;

/** Returns a long key as it stands in the packet: `0x1fdb5df328bc3def`. */
function key(line: Line, at: number, length = 8): string {
  return `0x${formatHex(line.slice(at, length)).replace(/^0+(?=.)/, "")}`;
}

const capable: Subtype = (line, at, length, flags, dataLength) => {
  const version = line.u8(at) & 0xf;
  const isSyn = (flags & TCP_FLAGS.syn) !== 0;
  const isReply = isSyn && (flags & TCP_FLAGS.ack) !== 0;
  const isBare = version === 1 && isSyn && !isReply;
  if (isBare ? length !== 4 : isSyn ? length !== 12 : ![20, 22, 24].includes(length)) return false;
  if (!isSyn && length !== 20 && dataLength === 0) return false;
  line.add(` v${version}`);
  if ((line.u8(at + 1) & 0x80) !== 0) line.add(" csum");
  if (length === 12) line.add(` {${key(line, at + 2)}}`);
  else if (length >= 20) line.add(` {${key(line, at + 2)},${key(line, at + 10)}}`);
  return true;
};

const join: Subtype = (line, at, length, flags) => {
  const isSyn = (flags & TCP_FLAGS.syn) !== 0;
  const isAck = (flags & TCP_FLAGS.ack) !== 0;
  if (length !== (isSyn ? (isAck ? 16 : 12) : 24)) return false;
  if (length !== 24) {
    if ((line.u8(at) & 1) !== 0) line.add(" backup");
    line.add(` id ${line.u8(at + 1)}`);
  }
  if (length === 12) line.add(` token ${hex(line.u32(at + 2))} nonce ${hex(line.u32(at + 6))}`);
  else if (length === 16) line.add(` hmac ${key(line, at + 2)} nonce ${hex(line.u32(at + 10))}`);
  else line.add(` hmac 0x${formatHex(line.slice(at + 2, 20))}`);
  return true;
};

const sequenceSignal: Subtype = (line, at, length, flags) => {
  const bits = line.u8(at + 1);
  let place = at + 2;
  let left = length - 4;
  const take = (isLong: boolean): bigint | number | undefined => {
    const size = isLong ? 8 : 4;
    if (left < size) return undefined;
    const value = isLong ? line.u64(place) : line.u32(place);
    place += size;
    left -= size;
    return value;
  };
  if ((flags & TCP_FLAGS.syn) !== 0 || length < 4) return false;
  if ((bits & 0x10) !== 0) line.add(" fin");
  if ((bits & 1) !== 0) {
    line.add(" ack ");
    const value = take((bits & 2) !== 0);
    if (value === undefined) return false;
    line.add(String(value));
  }
  if ((bits & 4) !== 0) {
    line.add(" seq ");
    const sequence = take((bits & 8) !== 0);
    if (sequence === undefined) return false;
    line.add(`${sequence} subseq `);
    const subflow = take(false);
    if (subflow === undefined) return false;
    line.add(`${subflow} len `);
    if (left < 2) return false;
    line.add(String(line.u16(place)));
    place += 2;
    left -= 2;
    if (left >= 2) {
      line.add(` csum ${hex(line.u16(place))}`);
      left -= 2;
    }
  }
  return left === 0;
};

const addAddress: Subtype = (line, at, length) => {
  const version = line.u8(at) & 0xf;
  if (![8, 10, 16, 18, 20, 22, 28, 30].includes(length)) return false;
  const isSix = version === 6 || (version < 2 && (length === 20 || length === 22 || length === 28 || length === 30));
  if (version < 2) line.add(version === 1 ? " v1-echo" : " v1");
  else line.add(` v0-ip${version}`);
  line.add(` id ${line.u8(at + 1)} `);
  const size = isSix ? 16 : 4;
  line.need(at + 2, size);
  line.add(isSix ? ipv6At(line, at + 2) : formatIpv4Address(line.bytes, at + 2));
  let left = length - 4 - size;
  let place = at + 2 + size;
  if (left === 2 || left === 10) {
    line.add(`:${line.u16(place)}`);
    place += 2;
    left -= 2;
  }
  if (version === 0 && left === 8) line.add(` hmac ${key(line, place)}`);
  return true;
};

const removeAddress: Subtype = (line, at, length) => {
  if (length < 4) return false;
  line.add(" id");
  for (let index = 0; index < length - 3; index++) line.add(` ${line.u8(at + 1 + index)}`);
  return true;
};

const priority: Subtype = (line, at, length) => {
  if (length !== 3 && length !== 4) return false;
  if ((line.u8(at) & 1) !== 0) line.add(" backup");
  if (length === 4) line.add(` id ${line.u8(at + 1)}`);
  return true;
};

const fail: Subtype = (line, at, length) => {
  if (length !== 12) return false;
  line.add(` seq ${line.u64(at + 2)}`);
  return true;
};

const fastClose: Subtype = (line, at, length) => {
  if (length !== 12) return false;
  line.add(` key ${key(line, at + 2)}`);
  return true;
};

const SUBTYPES: readonly (readonly [string, Subtype])[] = [
  ["capable", capable],
  ["join", join],
  ["dss", sequenceSignal],
  ["add-addr", addAddress],
  ["rem-addr", removeAddress],
  ["prio", priority],
  ["fail", fail],
  ["fast-close", fastClose],
];

/**
 * Prints the option.
 *
 * @param at offset of the byte behind the option's length
 * @param length bytes of the whole option
 * @returns whether the option could be read
 */
export function printMptcp(line: Line, at: number, length: number, flags: number, dataLength: number): boolean {
  if (length < 3) return false;
  const [name, subtype] = SUBTYPES[line.u8(at) >> 4] ?? ["unknown", () => true];
  line.add(` ${length} ${name}`);
  return subtype(line, at, length, flags, dataLength);
}
