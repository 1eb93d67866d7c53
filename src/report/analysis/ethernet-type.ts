/** What follows an EtherType: VLAN tags (IEEE 802.1Q, 802.1ad), PPPoE sessions (RFC 2516) and MPLS labels (RFC 3032) lead on to IP. */

export const ETHER_TYPE_IPV4 = 0x0800;
export const ETHER_TYPE_IPV6 = 0x86dd;

const VLAN = 0x8100;
const SERVICE_VLAN = 0x88a8;
const OLD_SERVICE_VLAN = 0x9100;
const PPPOE_SESSION = 0x8864;
const MPLS = 0x8847;
const MPLS_UPSTREAM = 0x8848;
/** A type field with this value or a smaller one is the length of an IEEE 802.3 frame. */
const LARGEST_LENGTH = 1500;

/** Tags and labels that are followed. A longer stack serves to exhaust decoders. */
const MOST_TAGS = 8;
const TAG_LENGTH = 4;
/** NetworkPlace.framing of more tags than two, and of whatever else than tags stands in front of IP. */
export const OTHER_FRAMING = 3;
const PPPOE_LENGTH = 6;
const PPP_IPV4 = 0x21;
const PPP_IPV6 = 0x57;

/** Where the network header begins. One object serves for all packets. The methods return whether IP follows. */
export class NetworkPlace {
  /** Offset in bytes of the network header. */
  offset = 0;
  /** ETHER_TYPE_IPV4 or ETHER_TYPE_IPV6; 0 for everything else. */
  etherType = 0;
  /** Whether the captured bytes end within the headers before the network header. */
  isCut = false;
  /** What stands between the header of the link type and IP: nothing (0), one or two VLAN tags of Ethernet, or OTHER_FRAMING. */
  framing = 0;

  /** Says that something else than IP follows. */
  other(): false {
    this.etherType = 0;
    return false;
  }

  cut(): false {
    this.isCut = true;
    return this.other();
  }

  #ip(etherType: number): true {
    this.etherType = etherType;
    return true;
  }

  /** Follows an EtherType. @param at offset of what the type is of @param end of the captured bytes */
  follow(bytes: Uint8Array, type: number, at: number, end: number): boolean {
    this.offset = at;
    if (type === ETHER_TYPE_IPV4 || type === ETHER_TYPE_IPV6) return this.#ip(type);
    return this.#followOther(bytes, type, at, end);
  }

  #followOther(bytes: Uint8Array, firstType: number, first: number, end: number): boolean {
    let type = firstType;
    let at = first;
    for (let tags = 0; type === VLAN || type === SERVICE_VLAN || type === OLD_SERVICE_VLAN; tags++) {
      if (tags === MOST_TAGS) return this.other();
      if (at + TAG_LENGTH > end) return this.cut();
      type = uint16(bytes, at + 2);
      at += TAG_LENGTH;
    }
    this.offset = at;
    const isTagged = type === ETHER_TYPE_IPV4 || type === ETHER_TYPE_IPV6;
    this.framing = isTagged && this.framing === 0 ? Math.min((at - first) / TAG_LENGTH, OTHER_FRAMING) : OTHER_FRAMING;
    if (isTagged) return this.#ip(type);
    if (type <= LARGEST_LENGTH) return this.followLlc(bytes, at, end);
    if (type === PPPOE_SESSION) return this.followPpp(bytes, at + PPPOE_LENGTH, end);
    if (type === MPLS || type === MPLS_UPSTREAM) return this.#followLabels(bytes, at, end);
    return this.other();
  }

  /** Follows the LLC header of a frame (IEEE 802.2), of which SNAP with an all-zero organisation has an EtherType. */
  followLlc(bytes: Uint8Array, at: number, end: number): boolean {
    if (at + 8 > end) return at + 3 > end || uint16(bytes, at) === 0xaaaa ? this.cut() : this.other();
    const isSnap = uint16(bytes, at) === 0xaaaa && bytes[at + 2] === 3;
    if (!isSnap || bytes[at + 3] !== 0 || uint16(bytes, at + 4) !== 0) return this.other();
    const type = uint16(bytes, at + 6);
    return type <= LARGEST_LENGTH ? this.other() : this.follow(bytes, type, at + 8, end);
  }

  /** Follows the protocol field of PPP (RFC 1661), which may be cut to one byte (section 6.5). */
  followPpp(bytes: Uint8Array, at: number, end: number): boolean {
    if (at + 2 > end) return this.cut();
    const first = bytes[at] ?? 0;
    const protocol = (first & 1) === 1 ? first : uint16(bytes, at);
    this.offset = at + ((first & 1) === 1 ? 1 : 2);
    if (protocol === PPP_IPV4) return this.#ip(ETHER_TYPE_IPV4);
    return protocol === PPP_IPV6 ? this.#ip(ETHER_TYPE_IPV6) : this.other();
  }

  /** Follows labels up to the last one. What it leads to is told by its first four bits alone. */
  #followLabels(bytes: Uint8Array, first: number, end: number): boolean {
    let at = first;
    for (let labels = 0; labels < MOST_TAGS; labels++, at += 4) {
      if (at + 4 > end) return this.cut();
      if (((bytes[at + 2] ?? 0) & 1) === 1) return this.byVersion(bytes, at + 4, end);
    }
    return this.other();
  }

  /** Takes the packet for IP of the version that its first four bits say. */
  byVersion(bytes: Uint8Array, at: number, end: number): boolean {
    this.offset = at;
    if (at >= end) return this.cut();
    const version = (bytes[at] ?? 0) >> 4;
    if (version === 4) return this.#ip(ETHER_TYPE_IPV4);
    return version === 6 ? this.#ip(ETHER_TYPE_IPV6) : this.other();
  }
}

/** The number of two bytes in network order. */
export function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

export function uint32(bytes: Uint8Array, at: number): number {
  return ((uint16(bytes, at) << 16) | uint16(bytes, at + 2)) >>> 0;
}
