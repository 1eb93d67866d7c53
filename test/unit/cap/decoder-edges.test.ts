/** What the decoders say of packets for which tshark has no field: those that are cut, encrypted, or that npm's `cap` reads oddly. */
import { expect, test } from "vitest";
import { decoders } from "../../../src/cap/decoders/index.ts";
import {
  authentication,
  ethernet,
  hopByHop,
  ipv4,
  ipv6,
  protocols,
  raw,
  tcp,
  u16,
  u32,
  udp,
  zeros,
} from "../../support/frames.ts";

const { ARP, Ethernet, ICMPV4, IPV4, IPV6, PROTOCOL, SCTP, TCP, UDP } = decoders;

test("a length of 0, as segmentation offload leaves it, is what the buffer has from the header on", () => {
  const packet = Buffer.from(ipv4({ payload: udp({ payload: zeros(100) }) }));
  packet.writeUInt16BE(0, 2);
  expect(IPV4(packet).info.totallen).toBe(128);
});

test("there is no protocol and no offset behind the last header, and an encrypted payload is the end", () => {
  const last = IPV6(Buffer.from(ipv6({ payload: raw(protocols.noNextHeader, []) })));
  expect([last.info.protocol, last.offset]).toEqual([undefined, undefined]);
  const encrypted = ipv6({ extensions: [hopByHop()], payload: raw(protocols.encapsulatingSecurityPayload, zeros(40)) });
  const { info, offset } = IPV6(Buffer.from(encrypted));
  expect([info.protocol, offset]).toEqual([50, 48]);
});

test("where npm's cap is odd, so is this", () => {
  const tagged = ethernet({ vlans: [{ id: 5, priority: 7 }], payload: ipv4({ payload: tcp() }) });
  expect(Ethernet(Buffer.from(tagged)).info.vlan).toEqual({ priority: 0, CFI: false, VID: 5 });
  const authenticated = Buffer.from(ipv6({ extensions: [authentication()], payload: tcp() }));
  expect(IPV6(authenticated).offset).toBe(40 + 1 + 4 * 4);
  const packet = Buffer.concat([Uint8Array.of(0, 80, 0, 81, 1, 2), Uint8Array.of(3, 4, 0, 4, 9, 9, 9, 9)]);
  expect(SCTP(packet, packet.length)).toEqual({
    info: {
      srcport: 80,
      dstport: 81,
      verifyTag: undefined,
      checksum: 0x0102,
      chunks: [{ type: 3, flags: 4, offset: 10, length: 4 }],
    },
    offset: 14,
  });
  const router = Buffer.from([9, 0, ...u16(0), 1, 2, ...u16(1800), 192, 0, 2, 1, ...u32(0xffffffff)]);
  const { addrs } = ICMPV4(router, router.length).info;
  expect(addrs).toHaveLength(2);
  expect(Object.keys(addrs ?? [])).toEqual(["1"]);
  expect(addrs?.[1]).toEqual({ addr: "192.0.2.1", pref: -1 });
});

test("a packet that ends within its header is an error of its fields", () => {
  for (const [decoder, length] of [
    [Ethernet, 13],
    [ARP, 7],
    [IPV4, 11],
    [IPV6, 5],
    [TCP, 15],
    [UDP, 7],
  ] as const) {
    const outOfRange = expect.objectContaining({ name: "RangeError", code: "ERR_OUT_OF_RANGE" });
    expect(() => decoder(Buffer.alloc(length)), decoder.name).toThrow(outOfRange);
  }
  expect(() => Ethernet(Buffer.alloc(11))).toThrow(TypeError);
});

test("protocols have names by number and numbers by name", () => {
  expect(PROTOCOL.ETHERNET.IPV6).toBe(0x86dd);
  expect(PROTOCOL.ETHERNET[0x0806]).toBe("ARP");
  expect(PROTOCOL.IP["MOBILITY HEADER"]).toBe(135);
  expect(PROTOCOL.IP[17]).toBe("UDP");
  expect(PROTOCOL.IP.TTP).toBe(PROTOCOL.IP.IPTM);
  expect(PROTOCOL.IP[84]).toBe("IPTM");
});
