import { describe, expect, it } from "vitest";
import { arp, ethernet, frame, hexBytes, icmp, ipv4, ipv6, SAMPLES, tcp, u32, udp } from "../pcap-parser/frames.ts";
import { line, overIpv4, overIpv6, TIME, text } from "./lines-of-frames.ts";

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
