/** Packets that somebody made up, of every protocol that lines know: the same ones in each run. */
import { SeededRandom } from "../../scripts/fixtures/random.ts";
import { ethernet, frame, hexBytes, ipv4, ipv6, SAMPLES, tcp, u16 } from "../unit/pcap-parser/frames.ts";

export interface HostilePacket {
  readonly linkType: number;
  readonly data: Uint8Array;
  readonly originalLength: number;
}

const text = (value: string) => [...Buffer.from(value, "latin1")];
/** Escape sequences, a new line that imitates a packet's, and U+202E in UTF-8. */
const HOSTILE_TEXT = text("\u001b[2J\n12:00:00.000000 IP 1.2.3.4.5 > 6.7.8.9.10: \u00e2\u0080\u00ae\r\u0007");

/** What UDP carries, by port. */
const UDP_PAYLOADS: readonly (readonly [number, readonly number[]])[] = [
  [
    53,
    [
      ...hexBytes("00018180 0001 0002 0000 0001 076578616d706c6503636f6d00 00010001"),
      ...hexBytes("c00c000100010000003c0004c0000201"),
      ...hexBytes("c00c0010000100000001"),
      ...u16(HOSTILE_TEXT.length + 1),
      HOSTILE_TEXT.length,
      ...HOSTILE_TEXT,
      ...hexBytes("0000291000000080000000"),
    ],
  ],
  [5353, [...hexBytes("00000000 0001 0000 0000 0000"), 20, ...HOSTILE_TEXT.slice(0, 20), ...hexBytes("00000c8001")]],
  [
    67,
    [
      ...hexBytes("01010600 00000007 0000 8000 00000000 0a000001 0a000002 0a000003 020000000001 00000000000000000000"),
      ...HOSTILE_TEXT.slice(0, 64),
      ...new Array<number>(64 - Math.min(64, HOSTILE_TEXT.length)).fill(0),
      ...new Array<number>(128).fill(0),
      ...hexBytes("63825363 350101 370401030f06 0c10"),
      ...HOSTILE_TEXT.slice(0, 16),
      ...hexBytes("3d0701020000000001 5205010301020300 2108 0a0000010a000002 ff000000"),
    ],
  ],
  [
    547,
    hexBytes(
      "01000007 0001000a00030001020000000001 0003002800000001000000020000000300050018 20010db8000000000000000000000001 00000001 00000002 00180005036162630000 0009001001000008000100060003000102030405",
    ),
  ],
  [
    123,
    hexBytes("1c0206ec 00010000 00020000 0a000009 d0c0a00080000000 d0c0a00180000000 d0c0a00280000000 d0c0a00390000000"),
  ],
  [69, [0, 1, ...HOSTILE_TEXT, 0, ...text("octet"), 0]],
  [514, [...text("<13>"), ...HOSTILE_TEXT]],
  [520, hexBytes("02020000 0002 0000 0a000000 ff000000 00000000 00000001")],
  [1985, hexBytes("00001003 0a 64 01 00 1b5b324a0a1b0000 c0a80001")],
  [3784, hexBytes("20c00318 00000001 00000002 000f4240 000f4240 00000000")],
  [6696, hexBytes("2a02000e 040600000001 0190 0504 00000190 0000 1102abcd")],
  [500, hexBytes("0102030405060708 0000000000000000 01100200 00000000 0000001c")],
  [4500, hexBytes("00000001 00000002 0102030405060708")],
  [4789, [...hexBytes("08000000 00138800"), ...ethernet(0x0800, ipv4(6, tcp()))]],
  [
    6081,
    [
      ...hexBytes("02406558 00000a00 0000808100000001"),
      ...ethernet(0x0806, hexBytes("0001080006040001020000000001 0a000001 000000000000 0a000002")),
    ],
  ],
  [6635, [...hexBytes("00064140"), ...ipv4(6, tcp())]],
  [
    7003,
    [
      ...hexBytes("00000001 00000002 00000001 00000001 00000001 01010000 00000034 00000204"),
      ...u16(0),
      0,
      HOSTILE_TEXT.length,
      ...HOSTILE_TEXT,
    ],
  ],
  [88, [4, 2, ...HOSTILE_TEXT, 0, 0, 0]],
  [646, hexBytes("00010016 0a000001 0000 0100000c00000001 04000004 000f0000")],
  [3503, hexBytes("0001 0000 01 01 00 00 00000001 00000001 00000000 00000000 00000000 00000000")],
  [8231, hexBytes("00030004 00000001 00040008 0001020304050607 00010000")],
];

/** What TCP carries, by port. */
const TCP_PAYLOADS: readonly (readonly [number, readonly number[]])[] = [
  [80, [...text("GET /"), ...HOSTILE_TEXT, ...text(" HTTP/1.1\r\nHost: a\r\n\r\n")]],
  [22, [...text("SSH-2.0-"), ...HOSTILE_TEXT]],
  [25, [...text("220 "), ...HOSTILE_TEXT]],
  [53, hexBytes("001d 0001 0100 0001 0000 0000 0000 076578616d706c6503636f6d00 00010001")],
  [646, hexBytes("0001000e 0a000001 0000 0100000400000001")],
];

const TCP_OPTIONS =
  "1e140081 0102030405060708 00000001 00000002 0003 0004 1e0c01f1 aabbccdd 00000001 2206 01020304 fe04f989 0101";

/** Frames of Ethernet that carry no IP, by EtherType. */
const ETHERNET_PAYLOADS: readonly (readonly [number, readonly number[]])[] = [
  [
    0x88cc,
    [
      ...hexBytes("0207 04 020000000001 0404 05 657468 0602 0078 0a"),
      HOSTILE_TEXT.length,
      ...HOSTILE_TEXT,
      ...hexBytes("0e04 0014 0004 fe06 0080c2 010001 0000"),
    ],
  ],
  [0x8809, hexBytes("0101 0114 ffff 020000000001 0001 00ff 0001 3d 000000")],
  [0x888e, hexBytes("01000005 01010005 01")],
  [0x8863, [...hexBytes("11070000 0030 0103 0004 01020304 0102"), ...u16(HOSTILE_TEXT.length), ...HOSTILE_TEXT]],
  [0x8864, [...hexBytes("11000011 0030 0021"), ...ipv4(6, tcp())]],
  [0x8864, hexBytes("11000011 000c c021 0101000a 0104 05d4 0506")],
  [0x8847, [...hexBytes("00064040 000c8140"), ...ipv4(6, tcp())]],
  [0x9000, hexBytes("0000 0100 0001 0000")],
  [0x88a2, hexBytes("10000001 00000000")],
  [0x27, hexBytes("424203 0000 02 02 3c 8001020000000001 00000000 8001020000000001 8001 0000 1400 0200 0f00 00")],
  [0x49, [...hexBytes("aaaa03 00000c 2000 02b4 0000 0001"), ...u16(HOSTILE_TEXT.length + 4), ...HOSTILE_TEXT]],
];

/** Other link types, with what is before the packet. */
const LINKS: readonly (readonly [number, readonly number[]])[] = [
  [0, hexBytes("02000000")],
  [9, hexBytes("ff030021")],
  [50, hexBytes("ff030021")],
  [101, []],
  [104, hexBytes("0f000800")],
  [105, [...hexBytes("0801 0000 020000000001 020000000002 020000000003 0000"), ...hexBytes("aaaa03 000000 0800")]],
  [108, hexBytes("00000002")],
  [113, hexBytes("0000 0001 0006 0200000000010000 0800")],
  [
    127,
    [
      ...hexBytes("0000 1200 2e480000 00 02 6c09 a000 d8 01 0000"),
      ...hexBytes("0801 0000 020000000001 020000000002 020000000003 0000"),
      ...hexBytes("aaaa03 000000 0800"),
    ],
  ],
  [242, [...new Array<number>(40).fill(0), ...hexBytes("0800 0000")]],
  [276, hexBytes("0800 0000 00000002 0001 00 06 0200000000010000")],
];

const BEACON = [
  ...hexBytes("8000 0000 ffffffffffff 020000000001 020000000001 0000 0000000000000000 6400 1104 00"),
  Math.min(32, HOSTILE_TEXT.length),
  ...HOSTILE_TEXT.slice(0, 32),
  ...hexBytes("010482848b96 030106"),
];

/** IP protocols besides TCP and UDP. */
const IP_PAYLOADS: readonly (readonly [number, readonly number[]])[] = [
  [1, [...hexBytes("03030000 00000000"), ...ipv4(17, hexBytes("00050006000a0000 0000"))]],
  [2, hexBytes("22000000 00000002 04000000 e0000001 03000001 e0000002 0a000001")],
  [33, hexBytes("00010002 0500 0000 01 00 000000000001 00000007")],
  [47, [...hexBytes("30000800 00000001 00000002"), ...ipv4(6, tcp())]],
  [51, [...hexBytes("06040000 00000001 00000002 aabbccdd aabbccdd aabbccdd"), ...tcp()]],
  [88, hexBytes("02050000 00000000 00000000 00000000 00000001")],
  [89, hexBytes("0201002c 0a000001 00000000")],
  [103, hexBytes("20000000 00010002 0069")],
  [112, hexBytes("21016401 0001 0000 0a000001")],
  [132, hexBytes("00050006 00000007 00000008 00030014 00000001 0000 0001 00000003 61626364")],
];

function udp(port: number, payload: readonly number[]): number[] {
  return [...u16(port), ...u16(port), ...u16(8 + payload.length), 0, 0, ...payload];
}

/** What the changed packets are made from. */
export function seedPackets(): (readonly [number, Uint8Array])[] {
  const overEthernet = (type: number, payload: readonly number[]) => [1, frame(ethernet(type, payload))] as const;
  const packets = [
    ...UDP_PAYLOADS.map(([port, payload]) => ipv4(17, udp(port, payload))),
    ...TCP_PAYLOADS.map(([port, payload]) => [...ipv4(6, [...u16(40000), ...u16(port), ...tcp({ payload }).slice(4)])]),
    ...IP_PAYLOADS.map(([protocol, payload]) => ipv4(protocol, payload)),
    ipv4(6, tcp({ options: hexBytes(TCP_OPTIONS), flags: 0x10 })),
  ];
  return [
    ...[...SAMPLES.values()].map((bytes) => [1, bytes] as const),
    ...packets.map((packet) => overEthernet(0x0800, packet)),
    ...ETHERNET_PAYLOADS.map(([type, payload]) => overEthernet(type, payload)),
    ...LINKS.map(([linkType, header]) => [linkType, frame(header, packets[0] ?? [])] as const),
    [105, Uint8Array.from(BEACON)],
    ...[128, 134, 135, 136, 137, 143].map((type) => {
      const message = [
        type,
        0,
        0,
        0,
        0,
        0,
        0,
        1,
        ...new Array<number>(40).fill(1),
        3,
        4,
        64,
        192,
        ...new Array<number>(28).fill(2),
      ];
      return overEthernet(0x86dd, ipv6(58, message));
    }),
  ];
}

const TELLING = [0, 1, 0x0a, 0x1b, 0x7f, 0x80, 0xc0, 0xff];

/** Each is a seed with up to four bytes changed, most of them near its beginning, and may be cut, or claim to be. */
export function* hostilePackets(count: number): Generator<HostilePacket> {
  const random = new SeededRandom(20_260);
  const all = seedPackets();
  for (let index = 0; index < count; index++) {
    const [linkType, seed] = all[index % all.length] ?? [1, new Uint8Array()];
    let data = Uint8Array.from(seed);
    for (let change = random.below(5); change > 0 && data.length > 0; change--) {
      const at = random.below(2) === 0 ? random.below(Math.min(data.length, 64)) : random.below(data.length);
      data[at] = random.below(2) === 0 ? random.pick(TELLING) : random.below(256);
    }
    if (random.below(3) === 0) data = data.subarray(0, random.below(data.length + 1));
    const originalLength = data.length + (random.below(3) === 0 ? random.below(70_000) : 0);
    yield { linkType, data, originalLength };
  }
}
