import { describe, expect, it } from "vitest";
import { type DecodedPacket, decodePacket } from "../../../src/pcap-parser/index.ts";
import { frame, hexBytes, type Ipv4Fields, ipv4, ipv6, tcp, u32, udp } from "./frames.ts";

function decodeIp(packet: readonly number[]): DecodedPacket {
  return decodePacket(frame(packet), 101);
}

describe("an IPv4 header", () => {
  it("gives its fields", () => {
    expect(decodeIp(ipv4(6, tcp(), { tos: 0xb9, ttl: 3, checksum: 0x1234 })).ipv4).toEqual({
      offset: 0,
      headerLength: 20,
      typeOfService: 0xb9,
      totalLength: 40,
      identification: 1,
      reservedFlag: false,
      dontFragment: true,
      moreFragments: false,
      fragmentOffset: 0,
      timeToLive: 3,
      protocol: 6,
      checksum: 0x1234,
      sourceAddress: "10.0.0.1",
      destinationAddress: "10.0.0.2",
      options: [],
    });
  });

  it("gives its options, and the payload behind them", () => {
    const packet = decodeIp(ipv4(6, tcp(), { options: hexBytes("01 94040000 07050405ff 00 00") }));
    expect(packet.ipv4?.options.map(({ type, data }) => [type, [...data]])).toEqual([
      [1, []],
      [148, [0, 0]],
      [7, [4, 5, 255]],
      [0, []],
    ]);
    expect(packet.tcp?.destinationPort).toBe(80);
  });

  it.each(["9900", "9901", "9905", "01010199"])("survives the bad option %s", (option) => {
    const packet = decodeIp(ipv4(6, tcp(), { options: hexBytes(option.padEnd(8, "0")) }));
    expect(packet.tcp?.destinationPort).toBe(80);
  });

  const bad: [string, Ipv4Fields, number][] = [
    ["a header length below 20", { words: 4 }, 0],
    ["a total length below its header length", { totalLength: 19 }, 2],
  ];
  it.each(bad)("with %s is shown but not followed", (_, fields, offset) => {
    const packet = decodeIp(ipv4(6, tcp(), fields));
    expect(packet.problem).toEqual({ layer: "ipv4", reason: "malformed", offset });
    expect(packet.ipv4?.sourceAddress).toBe("10.0.0.1");
    expect(packet.tcp).toBeUndefined();
  });

  it("ends the packet before the padding of the frame", () => {
    const packet = decodeIp([...ipv4(6, tcp().slice(0, 10)), ...new Array<number>(16).fill(0)]);
    expect(packet.problem).toMatchObject({ layer: "tcp", reason: "malformed" });
    expect(packet.endOffset).toBe(30);
  });

  it("with a total length of 0 reaches to the end of the frame", () => {
    const packet = decodeIp(ipv4(6, tcp(), { totalLength: 0 }));
    expect(packet.problem).toBeUndefined();
    expect(packet.endOffset).toBeUndefined();
    expect(packet.tcp?.window).toBe(64240);
  });

  it("of a first fragment is followed by the transport header", () => {
    const packet = decodeIp(ipv4(17, udp(new Array<number>(16).fill(0), 500), { fragment: 0x2000 }));
    expect(packet.fragment).toEqual({ offset: 0, moreFragments: true });
    expect(packet.udp?.length).toBe(500);
    expect(packet.problem).toBeUndefined();
  });

  it("of a later fragment is followed by no transport header", () => {
    const packet = decodeIp(ipv4(6, tcp(), { fragment: 0x2003 }));
    expect(packet.fragment).toEqual({ offset: 24, moreFragments: true });
    expect(packet.ports).toBeUndefined();
    expect(packet.tcp).toBeUndefined();
  });
});

describe("an IPv6 header", () => {
  it("gives its fields", () => {
    expect(decodeIp(ipv6(6, tcp(), { trafficClass: 0xb9, flowLabel: 0x12345 })).ipv6).toEqual({
      offset: 0,
      trafficClass: 0xb9,
      flowLabel: 0x12345,
      payloadLength: 20,
      nextHeader: 6,
      hopLimit: 64,
      sourceAddress: "fe80::1",
      destinationAddress: "ff02::2",
    });
  });

  it("leads through every kind of extension header to TCP", () => {
    const packet = decodeIp(
      ipv6(0, [
        ...hexBytes("3c00 050200000100"),
        ...hexBytes("2b01 010c000000000000000000000000"),
        ...hexBytes("3302 0403 00000000 00000000000000000000000000000000"),
        ...hexBytes("2c02 0000 00000011 00000022 00000000"),
        ...hexBytes("0600 0000 00000033"),
        ...tcp(),
      ]),
    );
    expect(packet.ipv6Extensions).toEqual([
      { name: "hopByHop", offset: 40, length: 8 },
      { name: "destinationOptions", offset: 48, length: 16 },
      { name: "routing", offset: 64, length: 24, routingType: 4, segmentsLeft: 3 },
      { name: "authentication", offset: 88, length: 16, securityParametersIndex: 0x11, sequenceNumber: 0x22 },
      { name: "fragment", offset: 104, length: 8, fragmentOffset: 0, moreFragments: false, identification: 0x33 },
    ]);
    expect(packet.protocol).toBe(6);
    expect(packet.fragment).toBeUndefined();
    expect(packet.tcp?.offset).toBe(112);
  });

  it("of a later fragment is followed by no transport header", () => {
    const packet = decodeIp(ipv6(44, [...hexBytes("0600 0029 00000007"), ...tcp()]));
    expect(packet.fragment).toEqual({ offset: 40, moreFragments: true });
    expect(packet.protocol).toBe(6);
    expect(packet.tcp).toBeUndefined();
  });

  it("followed by an extension header that is longer than the packet is malformed", () => {
    const packet = decodeIp(ipv6(60, [...hexBytes("06ff 010400000000"), ...tcp()]));
    expect(packet.problem).toEqual({ layer: "ipv6", reason: "malformed", offset: 40 });
    expect(packet.ipv6Extensions).toEqual([]);
  });

  it("followed by hundreds of extension headers is given up on", () => {
    const chain = Array.from({ length: 400 }, () => hexBytes("3c00 010400000000")).flat();
    const packet = decodeIp(ipv6(60, [...chain, ...tcp()]));
    expect(packet.problem).toMatchObject({ layer: "ipv6", reason: "malformed" });
    expect(packet.ipv6Extensions.length).toBeLessThan(32);
  });

  it("of a jumbogram takes its length from the hop-by-hop option", () => {
    const payload = tcp({ payload: [1, 2, 3] });
    const packet = decodeIp(ipv6(0, [...hexBytes("0600 c204"), ...u32(70_000), ...payload], { payloadLength: 0 }));
    expect(packet.endOffset).toBe(70_040);
    expect(packet.tcp?.window).toBe(64240);
  });

  it("with no payload and no next header is empty, whatever pads the frame", () => {
    const packet = decodeIp(ipv6(59, tcp(), { payloadLength: 0 }));
    expect(packet.endOffset).toBe(40);
    expect(packet.problem).toBeUndefined();
  });
});
