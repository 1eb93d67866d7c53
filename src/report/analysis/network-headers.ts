/** Decodes IPv4 (RFC 791) and IPv6 (RFC 8200) headers into the columns. */

import type { ColumnArrays } from "./column-arrays.ts";
import { ETHER_TYPE_IPV4, uint16, uint32 } from "./ethernet-type.ts";
import { IP_DONT_FRAGMENT, IP_LATER_FRAGMENT, IP_MORE_FRAGMENTS, IP_RESERVED } from "./ip-flags.ts";
import { mix, mixInto } from "./mix.ts";
import { CLASS_FRAGMENT, CLASS_NOT_IP, CLASS_OTHER_IP } from "./packet-class.ts";
import { decodeTransport } from "./transport-headers.ts";

const IPV4_LENGTH = 20;
const IPV6_LENGTH = 40;
/** Extension headers that are followed. A longer chain serves to exhaust decoders. */
const MOST_EXTENSIONS = 16;
const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const AUTHENTICATION = 51;
const DESTINATION_OPTIONS = 60;

/**
 * @param at offset of the header
 * @param end of the captured bytes
 * @param ends the end that the packet had before it was cut
 */
export function decodeNetwork(columns: ColumnArrays, index: number, at: number, end: number, ends: number): void {
  if (columns.place.etherType === ETHER_TYPE_IPV4) decodeIpv4(columns, index, at, end, ends);
  else decodeIpv6(columns, index, at, end, ends);
}

function decodeIpv4(columns: ColumnArrays, index: number, at: number, end: number, ends: number): void {
  const { bytes } = columns;
  if (at + IPV4_LENGTH > end) {
    withoutAddresses(columns, index, at + IPV4_LENGTH <= ends);
    return;
  }
  const first = bytes[at] ?? 0;
  const headerLength = (first & 0x0f) * 4;
  if (first >> 4 !== 4 || headerLength < IPV4_LENGTH) {
    withoutAddresses(columns, index, false);
    return;
  }

  columns.ipVersion[index] = 4;
  const source = uint32(bytes, at + 12);
  const destination = uint32(bytes, at + 16);
  const words = 4 * index;
  columns.source[words + 2] = 0xffff;
  columns.source[words + 3] = source;
  columns.destination[words + 2] = 0xffff;
  columns.destination[words + 3] = destination;
  columns.sourceHash[index] = mix(source);
  columns.destinationHash[index] = mix(destination);
  columns.ttl[index] = bytes[at + 8] ?? 0;
  columns.protocol[index] = bytes[at + 9] ?? 0;
  columns.ipId[index] = uint16(bytes, at + 4);
  columns.packetClass[index] = CLASS_OTHER_IP;

  const fragment = uint16(bytes, at + 6);
  let flags = (fragment & 0x4000) !== 0 ? IP_DONT_FRAGMENT : 0;
  if ((fragment & 0x8000) !== 0) flags |= IP_RESERVED;
  if ((fragment & 0x2000) !== 0) flags |= IP_MORE_FRAGMENTS;
  if ((fragment & 0x1fff) !== 0) flags |= IP_LATER_FRAGMENT;
  columns.ipFlags[index] = flags;

  const totalLength = uint16(bytes, at + 2);
  // The kernel writes 0 into a packet above 64 KiB that is not segmented yet.
  const ipEnd = totalLength === 0 ? ends : at + totalLength;
  columns.headerEnd[index] = Math.min(end, Math.max(ipEnd, at + IPV4_LENGTH));
  if (at + headerLength > ipEnd) {
    columns.isMalformed[index] = 1;
    if ((flags & (IP_MORE_FRAGMENTS | IP_LATER_FRAGMENT)) !== 0) columns.packetClass[index] = CLASS_FRAGMENT;
    return;
  }
  decodeTransport(columns, index, at + headerLength, end, ipEnd);
}

/** What is not readable as IP counts as none. */
function withoutAddresses(columns: ColumnArrays, index: number, isCut: boolean): void {
  columns.packetClass[index] = CLASS_NOT_IP;
  columns.isMalformed[index] = 1;
  if (isCut) columns.markCut(index);
}

function decodeIpv6(columns: ColumnArrays, index: number, at: number, end: number, ends: number): void {
  const { bytes } = columns;
  if (at + IPV6_LENGTH > end) {
    withoutAddresses(columns, index, at + IPV6_LENGTH <= ends);
    return;
  }
  if ((bytes[at] ?? 0) >> 4 !== 6) {
    withoutAddresses(columns, index, false);
    return;
  }

  columns.ipVersion[index] = 6;
  columns.sourceHash[index] = address(columns.source, 4 * index, bytes, at + 8);
  columns.destinationHash[index] = address(columns.destination, 4 * index, bytes, at + 24);
  columns.ttl[index] = bytes[at + 7] ?? 0;
  columns.packetClass[index] = CLASS_OTHER_IP;

  const payloadLength = uint16(bytes, at + 4);
  // Jumbograms (RFC 2675) and packets that are not segmented yet have 0.
  const ipEnd = payloadLength === 0 ? ends : at + IPV6_LENGTH + payloadLength;
  columns.headerEnd[index] = Math.min(end, ipEnd);
  const transport = followExtensions(columns, index, at + IPV6_LENGTH, Math.min(end, ipEnd), bytes[at + 6] ?? 0);
  if (transport >= 0) decodeTransport(columns, index, transport, end, ipEnd);
  else if (ipEnd > end) columns.markCut(index);
  else columns.isMalformed[index] = 1;
}

function address(words: Uint32Array, place: number, bytes: Uint8Array, at: number): number {
  let hash = 0;
  for (let word = 0; word < 4; word++) {
    const value = uint32(bytes, at + 4 * word);
    words[place + word] = value;
    hash = mixInto(hash, value);
  }
  return hash;
}

/** @returns the offset of the transport header; -1 where the chain ends before it */
function followExtensions(columns: ColumnArrays, index: number, first: number, end: number, next: number): number {
  const { bytes } = columns;
  let at = first;
  let protocol = next;
  for (let count = 0; isExtension(protocol); count++) {
    columns.protocol[index] = protocol;
    if (count === MOST_EXTENSIONS || at + 8 > end) return -1;
    const length = lengthOf(protocol, bytes[at + 1] ?? 0);
    if (at + length > end || length < 8) return -1;
    const field = uint16(bytes, at + 2);
    if (protocol === FRAGMENT && (field & 0xfff9) !== 0) {
      columns.packetClass[index] = CLASS_FRAGMENT;
      columns.ipFlags[index] = ((field & 1) !== 0 ? IP_MORE_FRAGMENTS : 0) | (field > 7 ? IP_LATER_FRAGMENT : 0);
    }
    const isLater = protocol === FRAGMENT && field > 7;
    protocol = bytes[at] ?? 0;
    at += length;
    if (isLater) break;
  }
  columns.protocol[index] = protocol;
  return at;
}

function isExtension(protocol: number): boolean {
  return (
    protocol === HOP_BY_HOP ||
    protocol === ROUTING ||
    protocol === FRAGMENT ||
    protocol === AUTHENTICATION ||
    protocol === DESTINATION_OPTIONS
  );
}

function lengthOf(protocol: number, field: number): number {
  if (protocol === FRAGMENT) return 8;
  return protocol === AUTHENTICATION ? (field + 2) * 4 : (field + 1) * 8;
}
