/** Writes packets that are made up as Ethernet frames, as far as a snapshot length goes. Checksums are left at zero. */
import { ICMP, TCP, type TrafficPacket, UDP } from "./packet.ts";

const ETHERNET = 14;
const IPV4 = 20;
const IPV6 = 40;
const FRAGMENT_HEADER = 8;
const ICMP6 = 58;
/** The headers that are written: none is longer. */
export const HEADERS_MOST = 128;
/** ICMPv6 types in the place of those of ICMP (RFC 4443). */
const ICMP6_TYPES: Readonly<Record<number, number>> = { 0: 129, 3: 1, 8: 128, 11: 3 };

/** @returns the bytes that were written, and the bytes that the frame has */
export function writeFrame(
  bytes: Buffer,
  at: number,
  packet: TrafficPacket,
  isIpv6: boolean,
): { captured: number; original: number } {
  bytes.fill(0, at, at + HEADERS_MOST);
  bytes[at + 5] = 2;
  bytes[at + 11] = 1;
  bytes.writeUInt16BE(isIpv6 ? 0x86dd : 0x0800, at + 12);
  const network = at + ETHERNET;
  const isFragment = packet.fragment !== undefined;
  const transport = network + (isIpv6 ? IPV6 + (isFragment ? FRAGMENT_HEADER : 0) : IPV4);
  const isLater = (packet.fragment?.offset ?? 0) > 0;
  const header = isLater ? 0 : writeTransport(bytes, transport, packet, isIpv6);
  const length = transport - network + header + packet.payload;
  if (isIpv6) writeIpv6(bytes, network, packet, length - IPV6);
  else writeIpv4(bytes, network, packet, length);
  const original = Math.max(60, ETHERNET + length);
  return { captured: Math.min(HEADERS_MOST, original), original };
}

function writeIpv4(bytes: Buffer, at: number, packet: TrafficPacket, length: number): void {
  const { fragment } = packet;
  bytes[at] = 0x45;
  bytes.writeUInt16BE(length, at + 2);
  bytes.writeUInt16BE(packet.ipId ?? 0, at + 4);
  const field = fragment === undefined ? 0x4000 : (fragment.more ? 0x2000 : 0) | (fragment.offset / 8);
  bytes.writeUInt16BE(field, at + 6);
  bytes[at + 8] = packet.ttl ?? 64;
  bytes[at + 9] = packet.protocol;
  bytes.writeUInt32BE(packet.from, at + 12);
  bytes.writeUInt32BE(packet.to, at + 16);
}

function writeIpv6(bytes: Buffer, at: number, packet: TrafficPacket, length: number): void {
  const { fragment } = packet;
  const protocol = packet.protocol === ICMP ? ICMP6 : packet.protocol;
  bytes[at] = 0x60;
  bytes.writeUInt16BE(length, at + 4);
  bytes[at + 6] = fragment === undefined ? protocol : 44;
  bytes[at + 7] = packet.ttl ?? 64;
  writeAddress(bytes, at + 8, packet.from);
  writeAddress(bytes, at + 24, packet.to);
  if (fragment === undefined) return;
  bytes[at + IPV6] = protocol;
  bytes.writeUInt16BE(fragment.offset | Number(fragment.more), at + IPV6 + 2);
  bytes.writeUInt32BE(packet.ipId ?? 0, at + IPV6 + 4);
}

/** 2a00:db8, 16 bits of the network, and 16 bits of the host, so that each IPv4 address has one. */
function writeAddress(bytes: Buffer, at: number, address: number): void {
  bytes.writeUInt32BE(0x2a000db8, at);
  bytes.writeUInt16BE(address >>> 16, at + 4);
  bytes.writeUInt16BE(address & 0xffff, at + 14);
}

/** The text of an address in the form of RFC 4291, not compressed for IPv6 beyond what writeAddress() leaves zero. */
export function addressText(address: number, isIpv6: boolean): string {
  if (!isIpv6) return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join(".");
  const hex = (value: number) => value.toString(16);
  const [network, host] = [address >>> 16, address & 0xffff];
  if (network === 0) return host === 0 ? "2a00:db8::" : `2a00:db8::${hex(host)}`;
  return `2a00:db8:${hex(network)}::${host === 0 ? "" : hex(host)}`;
}

/** @returns the bytes of the header */
function writeTransport(bytes: Buffer, at: number, packet: TrafficPacket, isIpv6: boolean): number {
  if (packet.protocol === TCP) return writeTcp(bytes, at, packet);
  if (packet.protocol === UDP) {
    bytes.writeUInt16BE(packet.fromPort, at);
    bytes.writeUInt16BE(packet.toPort, at + 2);
    bytes.writeUInt16BE(packet.fragment === undefined ? 8 + packet.payload : 0, at + 4);
    return 8;
  }
  if (packet.protocol !== ICMP) return 0;
  const type = packet.icmpType ?? 0;
  bytes[at] = isIpv6 ? (ICMP6_TYPES[type] ?? type) : type;
  return 8;
}

function writeTcp(bytes: Buffer, at: number, packet: TrafficPacket): number {
  const options = packet.options ?? [];
  const header = 20 + Math.ceil(options.length / 4) * 4;
  bytes.writeUInt16BE(packet.fromPort, at);
  bytes.writeUInt16BE(packet.toPort, at + 2);
  bytes.writeUInt32BE((packet.sequence ?? 0) >>> 0, at + 4);
  bytes.writeUInt32BE((packet.acknowledgement ?? 0) >>> 0, at + 8);
  bytes[at + 12] = (header / 4) << 4;
  bytes[at + 13] = packet.flags ?? 0;
  bytes.writeUInt16BE(packet.window ?? 0, at + 14);
  bytes.set(options, at + 20);
  return header;
}
