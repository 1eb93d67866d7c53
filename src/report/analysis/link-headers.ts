/** Finds the network header behind the link-layer header of each link type (https://www.tcpdump.org/linktypes.html). */
import { type NetworkPlace, OTHER_FRAMING, uint16, uint32 } from "./ethernet-type.ts";

const NULL = 0;
export const ETHERNET = 1;
const PPP = 9;
const PPP_SERIAL = 50;
const RAW = [12, 14, 101, 228, 229] as const;
const IEEE_802_11 = 105;
const LOOP = 108;
const LINUX_SLL = 113;
const IEEE_802_11_RADIO = 127;
const LINUX_SLL2 = 276;

const ETHERNET_LENGTH = 14;
const SLL_LENGTH = 16;
const SLL2_LENGTH = 20;
const LOOPBACK_LENGTH = 4;
/** The address families of IPv4 everywhere, and of IPv6 on Linux, NetBSD and OpenBSD, FreeBSD, and Darwin. */
const AF_INET = 2;
const AF_INET6: readonly number[] = [10, 24, 28, 30];

/** @param start of the packet within the bytes @param end of its captured bytes @returns whether IP follows */
export function findNetwork(
  place: NetworkPlace,
  bytes: Uint8Array,
  start: number,
  end: number,
  linkType: number,
): boolean {
  place.isCut = false;
  place.etherType = 0;
  place.offset = start;
  place.framing = 0;
  if (linkType === ETHERNET) {
    if (start + ETHERNET_LENGTH > end) return place.cut();
    return place.follow(bytes, uint16(bytes, start + 12), start + ETHERNET_LENGTH, end);
  }
  const isFound = findBehindOther(place, bytes, start, end, linkType);
  if (place.framing !== 0) place.framing = OTHER_FRAMING;
  return isFound;
}

function findBehindOther(
  place: NetworkPlace,
  bytes: Uint8Array,
  start: number,
  end: number,
  linkType: number,
): boolean {
  switch (linkType) {
    case RAW[0]:
    case RAW[1]:
    case RAW[2]:
    case RAW[3]:
    case RAW[4]:
      return place.byVersion(bytes, start, end);
    case NULL:
    case LOOP:
      return behindFamily(place, bytes, start, end);
    case LINUX_SLL:
      if (start + SLL_LENGTH > end) return place.cut();
      return behindCooked(place, bytes, uint16(bytes, start + 14), start + SLL_LENGTH, end);
    case LINUX_SLL2:
      if (start + SLL2_LENGTH > end) return place.cut();
      return behindCooked(place, bytes, uint16(bytes, start), start + SLL2_LENGTH, end);
    case PPP:
    case PPP_SERIAL:
      // The address and control fields of HDLC framing (RFC 1662) may be there.
      return place.followPpp(bytes, start + 2 <= end && uint16(bytes, start) === 0xff03 ? start + 2 : start, end);
    case IEEE_802_11:
      return behindWireless(place, bytes, start, end, false);
    case IEEE_802_11_RADIO:
      return behindRadiotap(place, bytes, start, end);
    default:
      return place.other();
  }
}

/** The family is in the byte order of the host that captured, which the file does not always tell. */
function behindFamily(place: NetworkPlace, bytes: Uint8Array, start: number, end: number): boolean {
  const at = start + LOOPBACK_LENGTH;
  if (at > end) return place.cut();
  const family = uint32(bytes, start);
  const known = family > 0xffff ? (bytes[start] ?? 0) | ((bytes[start + 1] ?? 0) << 8) : family;
  return known === AF_INET || AF_INET6.includes(known) ? place.byVersion(bytes, at, end) : place.other();
}

/** The protocol of a cooked capture is an EtherType, or a number below 1536 of Linux for frames without one. */
function behindCooked(place: NetworkPlace, bytes: Uint8Array, protocol: number, at: number, end: number): boolean {
  const LLC = 4;
  if (protocol === LLC) return place.followLlc(bytes, at, end);
  return protocol >= 0x600 ? place.follow(bytes, protocol, at, end) : place.other();
}

/** Data frames of IEEE 802.11 (2020, section 9.2) that are not encrypted and hold one LLC frame. */
function behindWireless(
  place: NetworkPlace,
  bytes: Uint8Array,
  start: number,
  end: number,
  isPadded: boolean,
): boolean {
  if (start + 2 > end) return place.cut();
  const [type, flags] = [bytes[start] ?? 0, bytes[start + 1] ?? 0];
  const isData = (type & 0x0c) === 0x08 && (type & 0x40) === 0;
  const isProtected = (flags & 0x40) !== 0;
  if (!isData || isProtected) return place.other();
  const isQos = (type & 0x80) !== 0;
  let length = 24;
  if ((flags & 3) === 3) length += 6;
  const control = start + length;
  if (isQos) length += 2;
  if (isQos && (flags & 0x80) !== 0) length += 4;
  if (isPadded) length = (length + 3) & ~3;
  const isAggregate = isQos && control < end && ((bytes[control] ?? 0) & 0x80) !== 0;
  return isAggregate ? place.other() : place.followLlc(bytes, start + length, end);
}

/** The radiotap header (https://www.radiotap.org) states its length and, in its flags, whether the 802.11 header is padded. */
function behindRadiotap(place: NetworkPlace, bytes: Uint8Array, start: number, end: number): boolean {
  if (start + 8 > end) return place.cut();
  const length = (bytes[start + 2] ?? 0) | ((bytes[start + 3] ?? 0) << 8);
  if (length < 8 || start + length > end) return length < 8 ? place.other() : place.cut();
  const present = bytes[start + 4] ?? 0;
  let at = 8;
  while (at <= length && ((bytes[start + at - 1] ?? 0) & 0x80) !== 0) at += 4;
  if ((present & 1) !== 0) at = ((at + 7) & ~7) + 8;
  const flags = (present & 2) !== 0 && at < length ? (bytes[start + at] ?? 0) : 0;
  const [IS_PADDED, HAS_CHECKSUM] = [0x20, 0x10];
  const last = (flags & HAS_CHECKSUM) !== 0 ? Math.max(start + length, end - 4) : end;
  return behindWireless(place, bytes, start + length, last, (flags & IS_PADDED) !== 0);
}
