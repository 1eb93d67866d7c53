import { describe, expect, it } from "vitest";
import { type LinePacket, type PacketLineOptions, PacketLines } from "../../../src/outputs/lines/packet-line.ts";
import { PLAIN_LINES } from "../../support/plain-lines.ts";
import {
  arp,
  ethernet,
  frame,
  hexBytes,
  icmp,
  ipv4,
  ipv6,
  LINUX_SYN_OPTIONS,
  SAMPLES,
  tcp,
  u32,
  udp,
} from "../pcap-parser/frames.ts";

/** In the zone of whoever runs the test, as the line is. */
const THREE_O_CLOCK = BigInt(new Date(2024, 0, 2, 3, 4, 5).getTime()) * 1_000_000n;
const TIME = "03:04:05.000000";

const PLAIN: PacketLineOptions = { ...PLAIN_LINES, timeForm: 0 };

function line(data: Uint8Array, options: Partial<PacketLineOptions> = {}, packet: Partial<LinePacket> = {}): string {
  const defaults: LinePacket = {
    timestamp: THREE_O_CLOCK,
    data,
    originalLength: data.length,
    linkType: 1,
    direction: "in",
  };
  return new PacketLines({ ...PLAIN, ...options }).format({ ...defaults, ...packet });
}

/** The line of a frame, without its time. */
function text(bytes: readonly number[], options: Partial<PacketLineOptions> = {}): string {
  return line(frame(bytes), options).slice(TIME.length + 1);
}

const overIpv4 = (protocol: number, payload: readonly number[]) => text(ethernet(0x0800, ipv4(protocol, payload)));
const overIpv6 = (protocol: number, payload: readonly number[]) => text(ethernet(0x86dd, ipv6(protocol, payload)));

describe("the time", () => {
  const syn = frame(ethernet(0x0800, ipv4(6, tcp())));

  it("is the local time of day with six digits, cut and not rounded", () => {
    expect(line(syn, {}, { timestamp: THREE_O_CLOCK + 1_999n })).toMatch(/^03:04:05\.000001 IP /);
    expect(line(syn, {}, { timestamp: THREE_O_CLOCK + 999_999_999n })).toMatch(/^03:04:05\.999999 IP /);
  });

  it("has nine digits with nanosecond precision", () => {
    const timestamp = THREE_O_CLOCK + 12_345_678n;
    expect(line(syn, { timeStampPrecision: "nano" }, { timestamp })).toMatch(/^03:04:05\.012345678 IP /);
  });

  it("goes on to the next second and back", () => {
    const seconds = [0n, 1n, 0n].map((second) => line(syn, {}, { timestamp: THREE_O_CLOCK + second * 1_000_000_000n }));
    expect(seconds.map((text) => text.slice(0, 8))).toEqual(["03:04:05", "03:04:06", "03:04:05"]);
  });
});

describe("the interface", () => {
  const syn = frame(ethernet(0x0800, ipv4(6, tcp())));

  it("stands before the packet, with the direction", () => {
    expect(line(syn, {}, { interfaceName: "lo" })).toMatch(/^03:04:05\.000000 lo {4}In {2}IP 10/);
    expect(line(syn, {}, { interfaceName: "enp0s31f6", direction: "out" })).toMatch(/^\S+ enp0s31f6 Out IP 10/);
  });

  it("cannot carry control characters into the line", () => {
    expect(line(syn, {}, { interfaceName: "a\u001b[2J\n" })).toContain(" a\\u001b[2J\\u000a In  IP ");
  });
});

// The expected texts are those of tcpdump 4.99.3 for the same bytes, with -n and -t.
describe("a line of TCP", () => {
  const cases: [string, number[], string][] = [
    ["a SYN", tcp(), "Flags [S], seq 1, win 64240, length 0"],
    [
      "a SYN of Linux",
      tcp({ options: LINUX_SYN_OPTIONS }),
      "Flags [S], seq 1, win 64240, options [mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7], length 0",
    ],
    [
      "data whose sequence numbers wrap",
      tcp({ flags: 0x18, sequence: 0xfffffffe, acknowledgement: 9, payload: [1, 2, 3] }),
      "Flags [P.], seq 4294967294:1, ack 9, win 64240, length 3: HTTP",
    ],
    ["a bare acknowledgement", tcp({ flags: 0x10, acknowledgement: 4 }), "Flags [.], ack 4, win 64240, length 0"],
    ["no flags", tcp({ flags: 0 }), "Flags [none], win 64240, length 0"],
    [
      "all eight flags",
      tcp({ flags: 0xff, urgent: 7, payload: [1] }),
      "Flags [FSRP.UEW], seq 1:2, ack 0, win 64240, urg 7, length 1: HTTP",
    ],
    [
      "two SACK blocks",
      tcp({ flags: 0x10, options: hexBytes("0101 0512 00000001 00000002 00000003 00000004") }),
      "Flags [.], ack 0, win 64240, options [nop,nop,sack 2 {2:3}{4:5}], length 0",
    ],
    [
      "an unknown option",
      tcp({ flags: 0x10, options: hexBytes("6306616263640101") }),
      "Flags [.], ack 0, win 64240, options [unknown-99 0x61626364,nop,nop], length 0",
    ],
    [
      "a Fast Open request",
      tcp({ options: hexBytes("22020101") }),
      "Flags [S], seq 1, win 64240, options [tfo  cookiereq,nop,nop], length 0",
    ],
    ["a header length that is too short", tcp({ words: 3 }), " tcp 8 [bad hdr length 12 - too short, < 20]"],
    ["a header length that is too long", tcp({ words: 15 }), "Flags [S] [bad hdr length 60 - too long, > 20]"],
  ];
  it.each(cases)("shows %s", (_, segment, expected) => {
    expect(overIpv4(6, segment)).toBe(`IP 10.0.0.1.1234 > 10.0.0.2.80: ${expected}`);
    expect(overIpv6(6, segment)).toBe(`IP6 fe80::1.1234 > ff02::2.80: ${expected}`);
  });

  it("marks options that cannot be read, and ends there", () => {
    expect(overIpv4(6, tcp({ options: hexBytes("01630000") }))).toBe(
      "IP 10.0.0.1.1234 > 10.0.0.2.80: Flags [S], seq 1, win 64240, options [nop,[bad opt]]",
    );
  });

  it("keeps what a snapshot length left over", () => {
    const bytes = frame(ethernet(0x0800, ipv4(6, tcp({ options: LINUX_SYN_OPTIONS, payload: [1, 2] }))));
    const cut = (length: number) => line(bytes.subarray(0, length), {}, { originalLength: bytes.length }).slice(16);
    expect(cut(60)).toBe(
      "IP 10.0.0.1.1234 > 10.0.0.2.80: Flags [S], seq 1:3, win 64240, options [mss 1460,sackOK, [|tcp]",
    );
    expect(cut(40)).toBe("IP 10.0.0.1.1234 > 10.0.0.2.80:  [|tcp]");
    expect(cut(36)).toBe("IP 10.0.0.1 > 10.0.0.2: [|tcp]");
    expect(cut(30)).toBe("IP  [|ip]");
  });

  it("does not count the padding of the frame", () => {
    expect(text([...ethernet(0x0800, ipv4(6, tcp())), 0, 0, 0, 0, 0, 0])).toMatch(/length 0$/);
  });

  it("is short when quiet", () => {
    const bytes = ethernet(0x0800, ipv4(6, tcp({ options: LINUX_SYN_OPTIONS, payload: [1, 2, 3, 4, 5] })));
    expect(text(bytes, { quiet: true })).toBe("IP 10.0.0.1.1234 > 10.0.0.2.80: tcp 5");
  });
});

describe("a line of another transport", () => {
  it("shows UDP", () => {
    expect(overIpv4(17, udp([1, 2, 3]))).toBe("IP 10.0.0.1.5000 > 10.0.0.2.6000: UDP, length 3");
    expect(overIpv6(17, udp([1, 2, 3]))).toBe("IP6 fe80::1.5000 > ff02::2.6000: UDP, length 3");
  });

  it("shows UDP lengths that cannot be", () => {
    expect(overIpv4(17, udp([1, 2, 3], 50))).toBe("IP 10.0.0.1.5000 > 10.0.0.2.6000: UDP, bad length 42 > 3");
    expect(overIpv4(17, udp([1, 2, 3], 7))).toBe("IP 10.0.0.1.5000 > 10.0.0.2.6000: truncated-udplength 7");
    expect(overIpv4(17, udp([]).slice(0, 4))).toBe("IP 10.0.0.1.5000 > 10.0.0.2.6000: truncated-udp 4");
  });

  it("shows the chunks of SCTP", () => {
    expect(overIpv4(132, hexBytes("0005 0006 00000007 00000008 0a000004"))).toBe(
      "IP 10.0.0.1.5 > 10.0.0.2.6: sctp (1) [COOKIE ECHO] ",
    );
  });

  it("shows a protocol that it does not know by its number and length", () => {
    expect(overIpv4(200, [1, 2, 3])).toBe("IP 10.0.0.1 > 10.0.0.2:  ip-proto-200 3");
    expect(overIpv6(200, [1, 2, 3])).toBe("IP6 fe80::1 > ff02::2:  ip-proto-200 3");
  });

  it("shows the packet in a tunnel, but not without end", () => {
    expect(overIpv4(41, ipv6(6, tcp()))).toMatch(
      /^IP 10\.0\.0\.1 > 10\.0\.0\.2: IP6 fe80::1\.1234 > ff02::2\.80: Flags/,
    );
    let nested = ipv4(6, tcp());
    for (let depth = 0; depth < 100; depth++) nested = ipv4(4, nested);
    expect(text(ethernet(0x0800, nested)).match(/IP /g)?.length).toBeLessThan(40);
  });
});

describe("a line of ICMP", () => {
  const quotedUdp = ipv4(17, udp([1, 2, 3]));
  const cases: [string, number[]][] = [
    ["ICMP echo request, id 1, seq 2, length 12", icmp(8, 0, hexBytes("00010002 61626364"))],
    ["ICMP echo reply, id 1, seq 2, length 8", icmp(0, 0, hexBytes("00010002"))],
    ["ICMP host 10.0.0.2 unreachable, length 39", icmp(3, 1, [...u32(0), ...quotedUdp])],
    ["ICMP 10.0.0.2 protocol 17 unreachable, length 39", icmp(3, 2, [...u32(0), ...quotedUdp])],
    ["ICMP 10.0.0.2 udp port 6000 unreachable, length 39", icmp(3, 3, [...u32(0), ...quotedUdp])],
    ["ICMP 10.0.0.2 tcp port 80 unreachable, length 48", icmp(3, 3, [...u32(0), ...ipv4(6, tcp())])],
    ["ICMP 10.0.0.2 unreachable - need to frag (mtu 1280), length 39", icmp(3, 4, [...u32(1280), ...quotedUdp])],
    ["ICMP host 10.0.0.2 unreachable - admin prohibited filter, length 39", icmp(3, 13, [...u32(0), ...quotedUdp])],
    ["ICMP redirect 10.0.0.2 to host 1.2.3.4, length 39", icmp(5, 1, [1, 2, 3, 4, ...quotedUdp])],
    ["ICMP time exceeded in-transit, length 39", icmp(11, 0, [...u32(0), ...quotedUdp])],
    ["ICMP type-#42, length 8", icmp(42, 0, u32(0))],
    [" [|icmp]", icmp(8, 0, [])],
  ];
  it.each(cases)("over IPv4 is %s", (expected, message) => {
    expect(overIpv4(1, message)).toBe(`IP 10.0.0.1 > 10.0.0.2: ${expected}`);
  });

  const quotedUdp6 = ipv6(17, udp([1, 2, 3]));
  const target = hexBytes("20010db8000000000000000000000007");
  const cases6: [string, number[]][] = [
    ["ICMP6, echo request, id 1, seq 2, length 8", icmp(128, 0, hexBytes("00010002"))],
    [
      "ICMP6, destination unreachable, unreachable port, ff02::2 udp port 6000, length 59",
      icmp(1, 4, [...u32(0), ...quotedUdp6]),
    ],
    ["ICMP6, packet too big, mtu 1280, length 59", icmp(2, 0, [...u32(1280), ...quotedUdp6])],
    ["ICMP6, time exceeded in-transit for ff02::2, length 59", icmp(3, 0, [...u32(0), ...quotedUdp6])],
    ["ICMP6, neighbor solicitation, who has 2001:db8::7, length 24", icmp(135, 0, [...u32(0), ...target])],
    ["ICMP6, neighbor advertisement, tgt is 2001:db8::7, length 24", icmp(136, 0, [...u32(0), ...target])],
    ["ICMP6, router solicitation, length 8", icmp(133, 0, u32(0))],
    ["ICMP6, unknown icmp6 type (200), length 8\n\t0x0000:  c800 0000 0000 0000", icmp(200, 0, u32(0))],
    ["ICMP6, neighbor solicitation [|icmp6]", icmp(135, 0, [...u32(0), 1])],
  ];
  it.each(cases6)("over IPv6 is %s", (expected, message) => {
    expect(overIpv6(58, message)).toBe(`IP6 fe80::1 > ff02::2: ${expected}`);
  });
});

describe("a line of IP", () => {
  it("shows a first fragment with its ports and a later one without", () => {
    const datagram = udp(new Array<number>(40).fill(0), 108);
    expect(text(ethernet(0x0800, ipv4(17, datagram, { fragment: 0x2000 })))).toBe(
      "IP 10.0.0.1.5000 > 10.0.0.2.6000: UDP, length 100",
    );
    expect(text(ethernet(0x0800, ipv4(17, datagram, { fragment: 6 })))).toBe("IP 10.0.0.1 > 10.0.0.2: ip-proto-17");
  });

  it("shows the fragments of IPv6", () => {
    expect(overIpv6(44, [...hexBytes("0600 0001 00000007"), ...tcp()])).toBe(
      "IP6 fe80::1 > ff02::2: frag (0|20) 1234 > 80: Flags [S], seq 1, win 64240, length 0",
    );
    expect(overIpv6(44, [...hexBytes("0600 0010 00000007"), ...tcp()])).toBe("IP6 fe80::1 > ff02::2: frag (16|20)");
  });

  it("shows extension headers before the ports", () => {
    const end = "1234 > 80: Flags [S], seq 1, win 64240, length 0";
    expect(overIpv6(0, [...hexBytes("0600 050200000100"), ...tcp()])).toBe(`IP6 fe80::1 > ff02::2: HBH ${end}`);
    const routing = [...hexBytes("0602 0001 00000000"), ...hexBytes("20010db8000000000000000000000007")];
    expect(overIpv6(43, [...routing, ...tcp()])).toBe(
      `IP6 fe80::1 > ff02::2: RT6 (len=2, type=0 [Deprecated], segleft=1, [0]2001:db8::7) ${end}`,
    );
  });

  it("says which lengths and versions are wrong", () => {
    expect(text(ethernet(0x0800, ipv4(6, tcp(), { words: 4 })))).toBe("IP bad-hlen 16");
    expect(text(ethernet(0x0800, ipv4(6, tcp(), { totalLength: 10 })))).toBe("IP bad-len 10");
    expect(text(ethernet(0x0800, ipv4(6, tcp(), { version: 5 })))).toBe("IP5 (invalid)");
    expect(text(ethernet(0x86dd, ipv4(6, tcp())))).toBe("IP6 version error: 4 != 6");
    expect(text(ethernet(0x0800, ipv4(6, tcp(), { totalLength: 1000 })))).toMatch(
      /^IP truncated-ip - 960 bytes missing! 10\.0\.0\.1\.1234 > .* seq 1:961, .* length 960: HTTP$/,
    );
  });

  it("has the header's fields in parentheses when verbose", () => {
    const options = hexBytes("94040000");
    const fields = { tos: 0xb9, fragment: 0x6000, options, checksum: 0x1234 };
    expect(text(ethernet(0x0800, ipv4(6, tcp(), fields)), { verbose: 1, uncheckedSums: false })).toBe(
      "IP (tos 0xb9,ECT(1), ttl 64, id 1, offset 0, flags [+, DF], proto TCP (6), length 44, options (RA), " +
        "bad cksum 1234 (->710b)!)\n    10.0.0.1.1234 > 10.0.0.2.80: Flags [S], seq 1, win 64240, length 0",
    );
    const packet = ipv6(17, udp([1]), { trafficClass: 0x28, flowLabel: 0x12345 });
    expect(text(ethernet(0x86dd, packet), { verbose: 1, uncheckedSums: true })).toBe(
      "IP6 (class 0x28, flowlabel 0x12345, hlim 64, next-header UDP (17) payload length: 9) " +
        "fe80::1.5000 > ff02::2.6000: UDP, length 1",
    );
  });

  it("is the same behind VLAN tags and without a link header", () => {
    const expected = text(ethernet(0x0800, ipv4(6, tcp())));
    expect(text(ethernet(0x0800, ipv4(6, tcp()), [[0x8100, 5]]))).toBe(expected);
    expect(line(frame(ipv4(6, tcp())), {}, { linkType: 101 }).slice(16)).toBe(expected);
  });
});

describe("a line of ARP", () => {
  const cases: [string, number[]][] = [
    ["Request who-has 10.0.0.2 tell 10.0.0.1, length 28", arp(1)],
    ["Request who-has 10.0.0.2 tell 10.0.0.1, length 46", [...arp(1), ...new Array<number>(18).fill(0)]],
    [
      "Request who-has 10.0.0.2 (0a:0b:0c:0d:0e:0f) tell 10.0.0.1, length 28",
      arp(1, { targetHardware: "0a0b0c0d0e0f" }),
    ],
    ["Reply 10.0.0.1 is-at 02:00:00:00:00:01, length 28", arp(2)],
    ["Ethernet (len 6), Unknown Protocol (0x1234) (len 4), length 28", arp(1, { protocolType: 0x1234 })],
    [
      "Unknown (7) \n\t0x0000:  0001 0800 0604 0007 0200 0000 0001 0a00  ................\n\t0x0010:  0001 0000 0000 0000 0a00 0002            ............",
      arp(7),
    ],
  ];
  it.each(cases)("is %s", (expected, packet) => {
    expect(text(ethernet(0x0806, packet))).toBe(`ARP, ${expected}`);
  });
});

describe("a line of another frame", () => {
  const addresses = "02:00:00:00:00:01 > 02:00:00:00:00:02";

  it("shows addresses and EtherType, and the bytes", () => {
    const bytes = ethernet(0x1234, new Array<number>(18).fill(0x41));
    expect(text(bytes)).toBe(
      `${addresses}, ethertype Unknown (0x1234), length 32: ` +
        "\n\t0x0000:  4141 4141 4141 4141 4141 4141 4141 4141  AAAAAAAAAAAAAAAA" +
        "\n\t0x0010:  4141                                     AA",
    );
  });

  it("shows the access points of 802.3", () => {
    expect(text(ethernet(46, [0xf0, 0xf0, 3, ...new Array<number>(43).fill(0x41)]))).toMatch(
      `${addresses} NetBeui Unnumbered, ui, Flags [Command], length 46`,
    );
  });

  it("shows a link type that is not decoded by its number", () => {
    expect(line(Uint8Array.of(1, 2), {}, { linkType: 147 })).toBe(`${TIME} link-type 147, length 2`);
  });
});

it.each([...SAMPLES])("a line of %s is printable text, however it is cut or changed", (_, bytes) => {
  const printable = /^\d\d:\d\d:\d\d\.\d{6} [\x20-\x7e]+(\n[\t ][\x20-\x7e]+)*$/;
  for (let at = 0; at <= bytes.length; at++) {
    const cut = bytes.subarray(0, at);
    const changed = Uint8Array.from(bytes);
    if (at < bytes.length) changed[at] = (changed[at] ?? 0) ^ 0xff;
    for (const data of [cut, changed]) {
      for (const flags of [{}, { verbose: 3 }, { quiet: true }, { linkHeader: true }]) {
        const packet = { originalLength: bytes.length };
        expect(line(data, flags, packet)).toMatch(printable);
        expect(line(data, flags, { ...packet, linkType: 101 })).toMatch(printable);
      }
    }
  }
});

it("ends with the process, whose name cannot steer the terminal", () => {
  const process = { pid: 1234, uid: 1000, comm: "cu\u001brl" };
  const data = frame(ethernet(0x0800, ipv4(6, tcp({}))));
  expect(line(data, {}, { process })).toBe(`${line(data)} [cu\\u001brl 1234 uid 1000]`);
});
