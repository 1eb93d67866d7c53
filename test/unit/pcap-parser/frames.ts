/** Frames built field by field, for tests. Checksums are zero unless a test gives them. */

export function u16(value: number): number[] {
  return [(value >> 8) & 0xff, value & 0xff];
}

export function u32(value: number): number[] {
  return [...u16(value >>> 16), ...u16(value & 0xffff)];
}

export function hexBytes(text: string): number[] {
  return [...Buffer.from(text.replace(/[^0-9a-f]/g, ""), "hex")];
}

export function frame(...parts: (readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flat());
}

const DESTINATION = hexBytes("020000000002");
const SOURCE = hexBytes("020000000001");

/** Tags are pairs of protocol and control field. */
export function ethernet(
  type: number,
  payload: readonly number[],
  tags: readonly (readonly [number, number])[] = [],
): number[] {
  return [
    ...DESTINATION,
    ...SOURCE,
    ...tags.flatMap(([tpid, tci]) => [...u16(tpid), ...u16(tci)]),
    ...u16(type),
    ...payload,
  ];
}

export interface Ipv4Fields {
  tos?: number;
  totalLength?: number;
  words?: number;
  version?: number;
  fragment?: number;
  ttl?: number;
  checksum?: number;
  options?: readonly number[];
}

/** From 10.0.0.1 to 10.0.0.2, identification 1, don't fragment. */
export function ipv4(protocol: number, payload: readonly number[], fields: Ipv4Fields = {}): number[] {
  const options = fields.options ?? [];
  const headerLength = 20 + options.length;
  return [
    ((fields.version ?? 4) << 4) | (fields.words ?? headerLength / 4),
    fields.tos ?? 0,
    ...u16(fields.totalLength ?? headerLength + payload.length),
    ...u16(1),
    ...u16(fields.fragment ?? 0x4000),
    fields.ttl ?? 64,
    protocol,
    ...u16(fields.checksum ?? 0),
    ...[10, 0, 0, 1],
    ...[10, 0, 0, 2],
    ...options,
    ...payload,
  ];
}

/** From fe80::1 to ff02::2, hop limit 64. */
export function ipv6(
  nextHeader: number,
  payload: readonly number[],
  fields: { payloadLength?: number; trafficClass?: number; flowLabel?: number } = {},
): number[] {
  return [
    ...u32(0x60000000 + (fields.trafficClass ?? 0) * 0x100000 + (fields.flowLabel ?? 0)),
    ...u16(fields.payloadLength ?? payload.length),
    nextHeader,
    64,
    ...hexBytes("fe800000000000000000000000000001"),
    ...hexBytes("ff020000000000000000000000000002"),
    ...payload,
  ];
}

export interface TcpFields {
  flags?: number;
  options?: readonly number[];
  payload?: readonly number[];
  words?: number;
  sequence?: number;
  acknowledgement?: number;
  urgent?: number;
}

/** From port 1234 to port 80, sequence number 1, window 64240, SYN. */
export function tcp(fields: TcpFields = {}): number[] {
  const options = fields.options ?? [];
  const words = fields.words ?? (20 + options.length) / 4;
  return [
    ...u16(1234),
    ...u16(80),
    ...u32(fields.sequence ?? 1),
    ...u32(fields.acknowledgement ?? 0),
    ...u16((words << 12) | (fields.flags ?? 0x002)),
    ...u16(64240),
    ...u16(0),
    ...u16(fields.urgent ?? 0),
    ...options,
    ...(fields.payload ?? []),
  ];
}

/** From port 5000 to port 6000. */
export function udp(payload: readonly number[], length = 8 + payload.length): number[] {
  return [...u16(5000), ...u16(6000), ...u16(length), ...u16(0), ...payload];
}

/** Type, code, a zero checksum, and all that follows. */
export function icmp(type: number, code: number, rest: readonly number[]): number[] {
  return [type, code, 0, 0, ...rest];
}

export function arp(
  operation: number,
  fields: { targetHardware?: string; hardwareLength?: number; protocolType?: number } = {},
): number[] {
  return [
    ...u16(1),
    ...u16(fields.protocolType ?? 0x0800),
    fields.hardwareLength ?? 6,
    4,
    ...u16(operation),
    ...SOURCE,
    ...[10, 0, 0, 1],
    ...hexBytes(fields.targetHardware ?? "000000000000"),
    ...[10, 0, 0, 2],
  ];
}

/** MSS 1460, SACK permitted, time stamps 1 and 0, no-operation, window scale 7: what Linux sends. */
export const LINUX_SYN_OPTIONS = hexBytes("020405b4 0402 080a0000000100000000 01 030307");

const ADDRESS = hexBytes("20010db8000000000000000000000007");
const SYN = tcp({ options: LINUX_SYN_OPTIONS });

/** One of each kind that is decoded, by what it is. */
export const SAMPLES: ReadonlyMap<string, Uint8Array> = new Map([
  ["TCP over IPv4", frame(ethernet(0x0800, ipv4(6, SYN)))],
  ["TCP over IPv6", frame(ethernet(0x86dd, ipv6(6, SYN)))],
  [
    "TCP behind two VLAN tags",
    frame(
      ethernet(0x0800, ipv4(6, SYN), [
        [0x88a8, 5],
        [0x8100, 7],
      ]),
    ),
  ],
  [
    "TCP with SACK",
    frame(ethernet(0x0800, ipv4(6, tcp({ flags: 0x10, options: hexBytes("0101050a0000000100000002") })))),
  ],
  [
    "TCP behind IPv4 options",
    frame(ethernet(0x0800, ipv4(6, SYN, { options: hexBytes("94040000 07070401020304 00") }))),
  ],
  ["UDP over IPv4", frame(ethernet(0x0800, ipv4(17, udp([1, 2, 3]))))],
  ["UDP over IPv6", frame(ethernet(0x86dd, ipv6(17, udp([1, 2, 3]))))],
  ["SCTP", frame(ethernet(0x0800, ipv4(132, hexBytes("0005 0006 00000007 00000008 0a000004 0b000006 00000000"))))],
  ["ICMP echo", frame(ethernet(0x0800, ipv4(1, icmp(8, 0, hexBytes("00010002 61626364")))))],
  ["ICMP port unreachable", frame(ethernet(0x0800, ipv4(1, icmp(3, 3, [...u32(0), ...ipv4(17, udp([9]))]))))],
  ["ICMPv6 neighbour solicitation", frame(ethernet(0x86dd, ipv6(58, icmp(135, 0, [...u32(0), ...ADDRESS]))))],
  ["ICMPv6 port unreachable", frame(ethernet(0x86dd, ipv6(58, icmp(1, 4, [...u32(0), ...ipv6(17, udp([9]))]))))],
  ["ARP", frame(ethernet(0x0806, arp(1)))],
  ["802.3 with SNAP", frame(ethernet(8 + 28 + 3, [...hexBytes("aaaa030000000800"), ...ipv4(17, udp([1, 2, 3]))]))],
  ["802.3 with LLC", frame(ethernet(3, hexBytes("424203")))],
  [
    "all IPv6 extension headers",
    frame(
      ethernet(
        0x86dd,
        ipv6(0, [
          ...hexBytes("3c00 050200000100"),
          ...hexBytes("2b00 010400000000"),
          ...[...hexBytes("3302 0001 00000000"), ...ADDRESS],
          ...hexBytes("2c04 0000 00000001 00000002 000000000000000000000000"),
          ...hexBytes("0600 0001 00000007"),
          ...SYN,
        ]),
      ),
    ),
  ],
  ["IPv4 in IPv6", frame(ethernet(0x86dd, ipv6(4, ipv4(6, SYN))))],
  ["an unknown EtherType", frame(ethernet(0x1234, hexBytes("deadbeef")))],
]);
