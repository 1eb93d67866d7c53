import { describe, expect, it } from "vitest";
import { ethernet, frame, hexBytes, ipv4, ipv6, LINUX_SYN_OPTIONS, tcp, udp } from "../pcap-parser/frames.ts";
import { line, overIpv4, overIpv6, THREE_O_CLOCK, text } from "./lines-of-frames.ts";

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
