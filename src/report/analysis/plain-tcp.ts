/**
 * Decodes the commonest packets in one go: TCP in an IPv4 packet without options in an Ethernet frame without tags, neither
 * fragmented nor cut within its headers. Each column has what decodeNetwork() would write.
 */
import type { ColumnArrays } from "./column-arrays.ts";
import { IP_DONT_FRAGMENT, IP_RESERVED } from "./ip-flags.ts";
import { mix } from "./mix.ts";
import { classOfTcp } from "./packet-class.ts";

const ETHERNET_LENGTH = 14;
const IPV4_LENGTH = 20;
const TCP_LENGTH = 20;
const TCP = 6;
/** The EtherType, and the first byte of an IPv4 header of 20 bytes. */
const PLAIN_START = 0x08_0045;
const FRAGMENT_BITS = 0x3fff;

/** @param start of the frame @param end of its captured bytes @returns whether it is such a packet */
export function decodePlainTcp(columns: ColumnArrays, index: number, start: number, end: number): boolean {
  const at = start + ETHERNET_LENGTH;
  const tcp = at + IPV4_LENGTH;
  if (tcp + TCP_LENGTH > end) return false;
  const { view } = columns;
  if (view.getInt32(at - 2) >>> 8 !== PLAIN_START) return false;
  const fragment = view.getUint16(at + 6);
  const life = view.getUint16(at + 8);
  if ((fragment & FRAGMENT_BITS) !== 0 || (life & 0xff) !== TCP) return false;
  const word = view.getInt32(tcp + 12);
  const headerLength = (word >>> 28) << 2;
  const ipEnd = at + view.getUint16(at + 2);
  const headersEnd = tcp + headerLength;
  if (headerLength < TCP_LENGTH || headersEnd > ipEnd || headersEnd > end) return false;

  const source = view.getUint32(at + 12);
  const destination = view.getUint32(at + 16);
  const flags = (word >>> 16) & 0x1ff;
  const payload = ipEnd - headersEnd;
  const words = 4 * index;
  columns.networkHeader[index] = at;
  columns.transport[index] = tcp;
  columns.headerEnd[index] = Math.min(end, ipEnd);
  columns.framing[index] = 0;
  columns.ipVersion[index] = 4;
  columns.protocol[index] = TCP;
  columns.source[words + 2] = 0xffff;
  columns.source[words + 3] = source;
  columns.destination[words + 2] = 0xffff;
  columns.destination[words + 3] = destination;
  columns.sourceHash[index] = mix(source);
  columns.destinationHash[index] = mix(destination);
  columns.ttl[index] = life >>> 8;
  columns.ipId[index] = view.getUint16(at + 4);
  columns.ipFlags[index] =
    ((fragment & 0x4000) === 0 ? 0 : IP_DONT_FRAGMENT) | ((fragment & 0x8000) === 0 ? 0 : IP_RESERVED);
  columns.hasPorts[index] = 1;
  columns.sourcePort[index] = view.getUint16(tcp);
  columns.destinationPort[index] = view.getUint16(tcp + 2);
  columns.sequence[index] = view.getUint32(tcp + 4);
  columns.acknowledgement[index] = view.getUint32(tcp + 8);
  columns.tcpFlags[index] = flags;
  columns.window[index] = word & 0xffff;
  columns.payloadLength[index] = payload;
  columns.packetClass[index] = classOfTcp(flags, payload);
  return true;
}
