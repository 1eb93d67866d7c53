import { describe, expect, it } from "vitest";
import { type DecodedPacket, decodePacket } from "../../../src/pcap-parser/index.ts";
import { frame, hexBytes, icmp, ipv4, ipv6, LINUX_SYN_OPTIONS, tcp, udp } from "./frames.ts";

function decodeIp(packet: readonly number[]): DecodedPacket {
  return decodePacket(frame(packet), 101);
}

function decodeTcpOptions(text: string): DecodedPacket {
  return decodeIp(ipv4(6, tcp({ options: hexBytes(text) })));
}

describe("a TCP header", () => {
  it("gives its fields, unsigned", () => {
    const segment = tcp({ flags: 0x1ff, sequence: 0xfffffffe, acknowledgement: 0x80000000, urgent: 7, payload: [1] });
    const packet = decodeIp(ipv4(6, segment));
    expect(packet.tcp).toEqual({
      offset: 20,
      sourcePort: 1234,
      destinationPort: 80,
      sequenceNumber: 0xfffffffe,
      acknowledgementNumber: 0x80000000,
      headerLength: 20,
      flags: 0x1ff,
      window: 64240,
      checksum: 0,
      urgentPointer: 7,
      options: [],
    });
    expect(packet.payloadOffset).toBe(40);
  });

  it("gives the options that Linux sends in a SYN", () => {
    expect(decodeIp(ipv4(6, tcp({ options: LINUX_SYN_OPTIONS }))).tcp?.options).toEqual([
      { name: "maximumSegmentSize", value: 1460 },
      { name: "sackPermitted" },
      { name: "timestamps", value: 1, echoReply: 0 },
      { name: "noOperation" },
      { name: "windowScale", shift: 7 },
    ]);
  });

  it("gives the blocks of a selective acknowledgement", () => {
    expect(decodeTcpOptions("0101 0512 00000001 00000002 fffffff0 ffffffff").tcp?.options[2]).toEqual({
      name: "sack",
      blocks: [
        { left: 1, right: 2 },
        { left: 0xfffffff0, right: 0xffffffff },
      ],
    });
  });

  it("keeps the bytes of an option that it does not know, and ignores what follows the end", () => {
    const options = decodeTcpOptions("630461620002ffff").tcp?.options;
    expect(options).toEqual([{ name: "other", kind: 0x63, data: frame([0x61, 0x62]) }, { name: "end" }]);
  });

  it.each([
    ["without a length", "01010102"],
    ["with a length of 0", "63000000"],
    ["with a length of 1", "63010000"],
    ["longer than the header", "63090000"],
    ["of a known kind with a length it cannot have", "02030000"],
    ["of SACK with half a block", "050600000000 0101"],
  ])("with an option %s is malformed, but keeps the rest", (_, options) => {
    const packet = decodeTcpOptions(options);
    expect(packet.problem).toMatchObject({ layer: "tcp", reason: "malformed" });
    expect(packet.tcp?.window).toBe(64240);
  });

  it.each([
    ["below 20 bytes", 4],
    ["above what IP carries", 15],
  ])("with a header length %s is malformed, but keeps the rest", (_, words) => {
    const packet = decodeIp(ipv4(6, tcp({ words, payload: [1, 2, 3] })));
    expect(packet.problem).toEqual({ layer: "tcp", reason: "malformed", offset: 32 });
    expect(packet.tcp?.headerLength).toBe(words * 4);
  });

  it("that a snapshot length cut after the ports still gives the ports", () => {
    const packet = decodePacket(frame(ipv4(6, tcp())).subarray(0, 24), 101);
    expect(packet.tcp).toBeUndefined();
    expect(packet.ports).toEqual({ source: 1234, destination: 80 });
    expect(packet.problem).toEqual({ layer: "tcp", reason: "truncated", offset: 20 });
  });

  it("that a snapshot length cut within the options gives those before the cut", () => {
    const packet = decodePacket(frame(ipv4(6, tcp({ options: LINUX_SYN_OPTIONS }))).subarray(0, 48), 101);
    expect(packet.tcp?.options.map(({ name }) => name)).toEqual(["maximumSegmentSize", "sackPermitted"]);
    expect(packet.problem).toEqual({ layer: "tcp", reason: "truncated", offset: 46 });
  });
});

describe("a UDP header", () => {
  it("gives its fields", () => {
    const packet = decodeIp(ipv6(17, udp([1, 2, 3])));
    expect(packet.udp).toEqual({ offset: 40, sourcePort: 5000, destinationPort: 6000, length: 11, checksum: 0 });
    expect(packet.problem).toBeUndefined();
  });

  it.each([0, 7, 12])("with a length of %i for 11 bytes is malformed", (length) => {
    expect(decodeIp(ipv4(17, udp([1, 2, 3], length))).problem).toEqual({
      layer: "udp",
      reason: "malformed",
      offset: 24,
    });
  });
});

describe("an ICMP header", () => {
  it.each([
    [4, 8, ipv4(1, icmp(8, 0, hexBytes("00010002")))],
    [6, 128, ipv6(58, icmp(128, 0, hexBytes("00010002")))],
  ])("of version %i gives identifier and sequence number of an echo", (version, type, packet) => {
    expect(decodeIp(packet).icmp).toMatchObject({ version, type, echo: { identifier: 1, sequenceNumber: 2 } });
  });

  it("gives the other four bytes of any other type", () => {
    expect(decodeIp(ipv4(1, icmp(3, 4, hexBytes("000005dc")))).icmp).toMatchObject({
      type: 3,
      code: 4,
      echo: undefined,
      restOfHeader: 1500,
    });
  });

  it("is not looked for under the other version of IP", () => {
    expect(decodeIp(ipv6(1, icmp(8, 0, hexBytes("00010002")))).icmp).toBeUndefined();
    expect(decodeIp(ipv4(58, icmp(128, 0, hexBytes("00010002")))).icmp).toBeUndefined();
  });
});

describe("an SCTP header", () => {
  const common = "0005 0006 00000007 00000008";

  it("gives its chunks, past their padding", () => {
    const packet = decodeIp(ipv4(132, hexBytes(`${common} 0a010005 ff000000 0b000004`)));
    expect(packet.sctp).toMatchObject({
      sourcePort: 5,
      destinationPort: 6,
      verificationTag: 7,
      checksum: 8,
      chunks: [
        { type: 10, flags: 1, length: 5, offset: 32 },
        { type: 11, flags: 0, length: 4, offset: 40 },
      ],
    });
  });

  it.each(["00000000", "00000003", "00000008"])("with the chunk %s is malformed", (chunk) => {
    const packet = decodeIp(ipv4(132, hexBytes(common + chunk)));
    expect(packet.problem).toEqual({ layer: "sctp", reason: "malformed", offset: 34 });
    expect(packet.sctp?.chunks).toEqual([]);
  });
});
