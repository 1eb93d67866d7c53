/** Decodes TCP (RFC 9293), UDP (RFC 768), ICMP (RFC 792, RFC 4443) and the ports of SCTP (RFC 9260) into the columns. */

import type { ColumnArrays } from "./column-arrays.ts";
import { uint16, uint32 } from "./ethernet-type.ts";
import { IP_LATER_FRAGMENT, IP_MORE_FRAGMENTS } from "./ip-flags.ts";
import { CLASS_FRAGMENT, CLASS_ICMP, CLASS_TCP_OTHER, CLASS_UDP, classOfTcp } from "./packet-class.ts";

const ICMP = 1;
const TCP = 6;
const UDP = 17;
const ICMP6 = 58;
const SCTP = 132;
const TCP_LENGTH = 20;
const UDP_LENGTH = 8;
const ICMP_LENGTH = 4;
const SCTP_LENGTH = 12;

/**
 * @param at offset of the header
 * @param end of the captured bytes
 * @param ipEnd end of the IP packet, as its header states
 */
export function decodeTransport(columns: ColumnArrays, index: number, at: number, end: number, ipEnd: number): void {
  const flags = columns.ipFlags[index] ?? 0;
  const protocol = columns.protocol[index] ?? 0;
  columns.transport[index] = Math.min(at, end);
  if ((flags & IP_LATER_FRAGMENT) !== 0) {
    columns.packetClass[index] = CLASS_FRAGMENT;
    if (at > end) columns.markCut(index);
    return;
  }
  if (protocol === TCP) decodeTcp(columns, index, at, end, ipEnd);
  else if (protocol === UDP) decodeUdp(columns, index, at, end, ipEnd);
  else if (protocol === (columns.ipVersion[index] === 4 ? ICMP : ICMP6)) decodeIcmp(columns, index, at, end, ipEnd);
  else if (protocol === SCTP) decodePorts(columns, index, at, end, ipEnd, SCTP_LENGTH);
  else if (at > end) columns.markCut(index);
  if ((flags & IP_MORE_FRAGMENTS) !== 0) columns.packetClass[index] = CLASS_FRAGMENT;
}

/** Tells a header that the capture cut from one that the packet itself has no room for. */
function markShort(columns: ColumnArrays, index: number, needed: number, end: number, ipEnd: number): void {
  if (needed > ipEnd) columns.isMalformed[index] = 1;
  else if (needed > end) columns.markCut(index);
}

function decodePorts(
  columns: ColumnArrays,
  index: number,
  at: number,
  end: number,
  ipEnd: number,
  length: number,
): void {
  const { bytes } = columns;
  const last = Math.min(end, ipEnd);
  if (at + 4 <= last) {
    columns.hasPorts[index] = 1;
    columns.sourcePort[index] = uint16(bytes, at);
    columns.destinationPort[index] = uint16(bytes, at + 2);
  }
  if (at + length > last) markShort(columns, index, at + length, end, ipEnd);
}

function decodeTcp(columns: ColumnArrays, index: number, at: number, end: number, ipEnd: number): void {
  const { bytes } = columns;
  const last = Math.min(end, ipEnd);
  columns.packetClass[index] = CLASS_TCP_OTHER;
  decodePorts(columns, index, at, end, ipEnd, TCP_LENGTH);
  if (at + 8 <= last) columns.sequence[index] = uint32(bytes, at + 4);
  if (at + 12 <= last) columns.acknowledgement[index] = uint32(bytes, at + 8);
  if (at + 14 > last) return;
  const field = uint16(bytes, at + 12);
  const headerLength = (field >> 12) * 4;
  const flags = field & 0x1ff;
  const payload = Math.max(0, ipEnd - at - Math.max(headerLength, TCP_LENGTH));
  columns.tcpFlags[index] = flags;
  columns.payloadLength[index] = payload;
  columns.packetClass[index] = classOfTcp(flags, payload);
  if (at + 16 <= last) columns.window[index] = uint16(bytes, at + 14);
  if (headerLength < TCP_LENGTH) columns.isMalformed[index] = 1;
  else if (at + headerLength > last) markShort(columns, index, at + headerLength, end, ipEnd);
}

function decodeUdp(columns: ColumnArrays, index: number, at: number, end: number, ipEnd: number): void {
  columns.packetClass[index] = CLASS_UDP;
  decodePorts(columns, index, at, end, ipEnd, UDP_LENGTH);
  if (at + UDP_LENGTH > Math.min(end, ipEnd)) return;
  const length = uint16(columns.bytes, at + 4);
  const isFragment = ((columns.ipFlags[index] ?? 0) & IP_MORE_FRAGMENTS) !== 0;
  // 0 is the length of a jumbogram (RFC 2675), and of a packet that is not segmented yet.
  const isWrong = length !== 0 && (length < UDP_LENGTH || (length > ipEnd - at && !isFragment));
  if (isWrong) columns.isMalformed[index] = 1;
  columns.payloadLength[index] = ipEnd - at - UDP_LENGTH;
}

function decodeIcmp(columns: ColumnArrays, index: number, at: number, end: number, ipEnd: number): void {
  const { bytes } = columns;
  const last = Math.min(end, ipEnd);
  columns.packetClass[index] = CLASS_ICMP;
  if (at + ICMP_LENGTH > last) markShort(columns, index, at + ICMP_LENGTH, end, ipEnd);
  if (at + 2 > last) return;
  columns.icmpType[index] = bytes[at] ?? 0;
  columns.icmpCode[index] = bytes[at + 1] ?? 0;
}
