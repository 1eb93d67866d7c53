/** What is known of the bytes of a packet on Ethernet by its kind. */
import { IPV6_EXTENSIONS } from "../contradictions.ts";
import type { KnownPacket } from "./expression-run.ts";
import { type Bits, known } from "./known-bits.ts";
import type { PacketKind } from "./packet-kinds.ts";

/** Offsets from the beginning of the frame. */
const ETHER_TYPE = 12;
const IP = 14;
const IPV4_FRAGMENT = IP + 6;
const IPV4_PROTOCOL = IP + 9;
const IPV6_NEXT_HEADER = IP + 6;
const BEHIND_IPV6 = IP + 40;
/** The offset of the flags in a TCP header (RFC 9293 section 3.1). */
const TCP_FLAGS = 13;
const IPV6_FRAGMENT = 44;
const ETHER_TYPES = { 4: 0x0800, 6: 0x86dd } as const;
/** The types of VLAN tags: IEEE 802.1Q, 802.1ad, and the one of before the standard. */
const TAGS = [0x8100, 0x88a8, 0x9100];

/** Returns what packets of the kind may look like. */
export function knownPackets(kind: PacketKind): KnownPacket[] {
  const { ipVersion } = kind;
  if (ipVersion === undefined) return [packetOf(new Map())];
  const tagged = TAGS.map((tag) => packetOf(new Map(etherType(tag))));
  return [...(ipVersion === 4 ? [ipv4Packet(kind)] : ipv6Packets(kind)), ...tagged];
}

function ipv4Packet({ protocol, tcpFlags, isFragment }: PacketKind): KnownPacket {
  const bytes = new Map<number, Bits>(etherType(ETHER_TYPES[4]));
  bytes.set(IP, { value: 0x40, mask: 0xf0 });
  if (protocol !== undefined) bytes.set(IPV4_PROTOCOL, byte(protocol));
  if (!isFragment) bytes.set(IPV4_FRAGMENT, { value: 0, mask: 0x1f }).set(IPV4_FRAGMENT + 1, byte(0));
  return packetOf(bytes, IP, new Map(tcpFlags === undefined ? [] : [[TCP_FLAGS, tcpFlags]]));
}

/** The protocol stands in the header, or in that of a fragment behind it. Behind other extension headers it is not followed. */
function ipv6Packets({ protocol }: PacketKind): KnownPacket[] {
  const start: [number, Bits][] = [...etherType(ETHER_TYPES[6]), [IP, { value: 0x60, mask: 0xf0 }]];
  if (protocol === undefined) return [packetOf(new Map(start))];
  const withHeaders = (first: number, second?: number) =>
    packetOf(
      new Map([
        ...start,
        [IPV6_NEXT_HEADER, byte(first)],
        ...(second === undefined ? [] : [[BEHIND_IPV6, byte(second)] as const]),
      ]),
    );
  return [
    withHeaders(protocol),
    ...IPV6_EXTENSIONS.filter((header) => header !== IPV6_FRAGMENT).map((header) => withHeaders(header)),
    ...[protocol, ...IPV6_EXTENSIONS].map((header) => withHeaders(IPV6_FRAGMENT, header)),
  ];
}

function etherType(type: number): [number, Bits][] {
  return [
    [ETHER_TYPE, byte(type >> 8)],
    [ETHER_TYPE + 1, byte(type & 0xff)],
  ];
}

function byte(value: number): Bits {
  return { value, mask: known(0).mask & 0xff };
}

function packetOf(
  bytes: ReadonlyMap<number, Bits>,
  ipv4At?: number,
  behindIpv4: ReadonlyMap<number, Bits> = new Map(),
): KnownPacket {
  return { bytes, ipv4At, behindIpv4 };
}
