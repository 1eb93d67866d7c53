import { describe, expect, it } from "vitest";
import { decodePacket } from "../../../src/pcap-parser/index.ts";
import { arp, ethernet, frame, hexBytes, ipv4, ipv6, tcp, udp } from "./frames.ts";

describe("an Ethernet header", () => {
  it("gives its addresses and its type", () => {
    expect(decodePacket(frame(ethernet(0x1234, [])), 1).ethernet).toMatchObject({
      destinationAddress: "02:00:00:00:00:02",
      sourceAddress: "02:00:00:00:00:01",
      etherType: 0x1234,
      frameLength: undefined,
    });
  });

  it("gives its VLAN tags from the outermost in", () => {
    const tags = [
      [0x88a8, 0xe005],
      [0x8100, 0x1007],
      [0x9100, 0x0fff],
    ] as const;
    const packet = decodePacket(frame(ethernet(0x0800, ipv4(6, tcp()), tags)), 1);
    expect(packet.ethernet?.vlanTags).toEqual([
      { tagProtocol: 0x88a8, priority: 7, dropEligible: false, id: 5 },
      { tagProtocol: 0x8100, priority: 0, dropEligible: true, id: 7 },
      { tagProtocol: 0x9100, priority: 0, dropEligible: false, id: 4095 },
    ]);
    expect(packet.tcp?.destinationPort).toBe(80);
  });

  it("is malformed when it stacks tags without end", () => {
    const tags = Array.from({ length: 300 }, () => [0x8100, 1] as const);
    const packet = decodePacket(frame(ethernet(0x0800, ipv4(6, tcp()), tags)), 1);
    expect(packet.problem).toMatchObject({ layer: "ethernet", reason: "malformed" });
    expect(packet.tcp).toBeUndefined();
  });

  it("of 802.3 has a length and an LLC header instead of a type", () => {
    const packet = decodePacket(frame(ethernet(38, [0x42, 0x42, 3, ...new Array<number>(43).fill(0)])), 1);
    expect(packet.ethernet).toMatchObject({
      etherType: undefined,
      frameLength: 38,
      llc: { destinationServiceAccessPoint: 0x42, sourceServiceAccessPoint: 0x42, control: 3 },
    });
    expect(packet.problem).toBeUndefined();
  });

  it("of 802.3 with SNAP leads to what its type says", () => {
    const payload = [...hexBytes("aaaa030000000800"), ...ipv4(17, udp([]))];
    expect(decodePacket(frame(ethernet(payload.length, payload)), 1).udp?.sourcePort).toBe(5000);
  });

  it("of 802.3 is malformed when its length leaves no room for LLC", () => {
    const packet = decodePacket(frame(ethernet(2, [0x42, 0x42, 3])), 1);
    expect(packet.problem).toEqual({ layer: "ethernet", reason: "malformed", offset: 14 });
  });
});

describe("an ARP packet", () => {
  it("gives its four addresses", () => {
    expect(decodePacket(frame(ethernet(0x0806, arp(2, { targetHardware: "0a0b0c0d0e0f" }))), 1).arp).toMatchObject({
      operation: 2,
      addresses: {
        senderHardwareAddress: "02:00:00:00:00:01",
        senderProtocolAddress: "10.0.0.1",
        targetHardwareAddress: "0a:0b:0c:0d:0e:0f",
        targetProtocolAddress: "10.0.0.2",
      },
    });
  });

  it("has no addresses when its lengths reach past the captured bytes", () => {
    const packet = decodePacket(frame(ethernet(0x0806, arp(1, { hardwareLength: 255 }))), 1);
    expect(packet.arp).toMatchObject({ operation: 1, addresses: undefined });
    expect(packet.problem).toMatchObject({ layer: "arp", reason: "truncated" });
  });
});

describe("link types", () => {
  it.each([101, 12, 228, 229])("%i holds IP of either version without a link header", (linkType) => {
    expect(decodePacket(frame(ipv4(6, tcp())), linkType).tcp?.sourcePort).toBe(1234);
    expect(decodePacket(frame(ipv6(6, tcp())), linkType).tcp?.sourcePort).toBe(1234);
  });

  it("that are not known are said to be unsupported", () => {
    expect(decodePacket(frame(ipv4(6, tcp())), 147).problem).toEqual({
      layer: "link",
      reason: "unsupported",
      offset: 0,
    });
  });
});
