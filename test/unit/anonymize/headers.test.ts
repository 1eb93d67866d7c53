/**
 * Each packet is made twice by the builders of the tests, which compute its checksums anew: with addresses, and with what
 * they are mapped to. What is rewritten must be the second one, to the byte.
 */
import { describe, expect, test } from "vitest";
import { anonymized, sampleAnonymizer } from "../../support/anonymized.ts";
import { ipv4Bytes, ipv6Bytes, macBytes, receiver, sender } from "../../support/frames/addresses.ts";
import { arp } from "../../support/frames/arp.ts";
import { concatenate, internetChecksum, u16, u32, withU16 } from "../../support/frames/bytes.ts";
import { ethernet, etherTypes } from "../../support/frames/ethernet.ts";
import { icmp, icmp6 } from "../../support/frames/icmp.ts";
import { ipv4 } from "../../support/frames/ipv4.ts";
import { destinationOptions, fragment, hopByHop, ipv6, routing } from "../../support/frames/ipv6.ts";
import { leftToCard } from "../../support/frames/left-to-card.ts";
import { part, raw, type Segment } from "../../support/frames/segment.ts";
import { tcp, tcpOption } from "../../support/frames/tcp.ts";
import { udp } from "../../support/frames/udp.ts";

interface Host {
  readonly mac: string;
  readonly ipv4: string;
  readonly ipv6: string;
}
type Hosts = readonly [Host, Host];

const anonymizer = sampleAnonymizer();

function mapped({ mac, ipv4: address4, ipv6: address6 }: Host): Host {
  const bytes = macBytes(mac);
  anonymizer.mac(new DataView(bytes.buffer), 0);
  const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(":");
  return { mac: text, ipv4: anonymizer.address(address4), ipv6: anonymizer.address(address6) };
}

const originals: Hosts = [sender, receiver];
const replaced: Hosts = [mapped(sender), mapped(receiver)];

const frame4 = ([from, to]: Hosts, payload: Segment, more: object = {}) =>
  ethernet({
    source: from.mac,
    destination: to.mac,
    payload: ipv4({ source: from.ipv4, destination: to.ipv4, payload, ...more }),
  });
const frame6 = ([from, to]: Hosts, payload: Segment, more: object = {}) =>
  ethernet({
    source: from.mac,
    destination: to.mac,
    payload: ipv6({ source: from.ipv6, destination: to.ipv6, payload, ...more }),
  });

const data = Buffer.from("some payload");
const OPTIONS = [...tcpOption.maximumSegmentSize(1460), ...tcpOption.timestamps(1, 2), ...tcpOption.noOperation];
const someTcp = tcp({ options: OPTIONS, payload: data });
const neighbourOption = (type: number, { mac }: Host) => concatenate([type, 1], macBytes(mac));
const record = (group: Uint8Array, sources: readonly Uint8Array[]) =>
  concatenate([4, 0], u16(sources.length), group, ...sources);
const group4 = "239.1.2.3";
const group6 = "ff15::7:8";

const numberOf = (host: Host) => new DataView(ipv4Bytes(host.ipv4).buffer).getUint32(0);
const miraiSyn = (to: Host) => tcp({ sequence: numberOf(to), options: OPTIONS });

const cases: readonly (readonly [name: string, build: (hosts: Hosts) => Uint8Array])[] = [
  ["TCP", (hosts) => frame4(hosts, someTcp)],
  ["UDP", (hosts) => frame4(hosts, udp({ payload: data }))],
  ["TCP in IPv6", (hosts) => frame6(hosts, someTcp)],
  ["UDP in IPv6", (hosts) => frame6(hosts, udp({ payload: data }))],
  ["TCP whose checksum was left to the card", (hosts) => frame4(hosts, leftToCard(someTcp))],
  ["UDP in IPv6 whose checksum was left to the card", (hosts) => frame6(hosts, leftToCard(udp({ payload: data })))],
  ["an echo", (hosts) => frame4(hosts, icmp({ payload: data }))],
  ["an echo of ICMPv6", (hosts) => frame6(hosts, icmp6({ payload: data }))],
  [
    "a first fragment",
    (hosts) => frame4(hosts, part(udp({ payload: new Uint8Array(64) }), 0, 40), { moreFragments: true }),
  ],
  [
    "a first fragment of IPv6",
    (hosts) =>
      frame6(hosts, part(udp({ payload: new Uint8Array(64) }), 0, 40), {
        extensions: [fragment({ moreFragments: true })],
      }),
  ],
  ["a later fragment", (hosts) => frame4(hosts, part(someTcp, 24), { fragmentOffset: 24 })],
  [
    "an error with the packet that it is about",
    (hosts) => {
      const [from, to] = hosts;
      const about = ipv4({ source: to.ipv4, destination: from.ipv4, payload: udp({ payload: data }) });
      return frame4(hosts, icmp({ type: 3, code: 3, payload: about }));
    },
  ],
  [
    "a redirect",
    (hosts) => {
      const [from, to] = hosts;
      const about = ipv4({ source: to.ipv4, destination: from.ipv4, payload: part(someTcp, 0, 8) });
      const rest = new DataView(ipv4Bytes(to.ipv4).buffer).getUint32(0);
      return frame4(hosts, icmp({ type: 5, code: 1, rest, payload: about }));
    },
  ],
  ["a SYN of Mirai, whose sequence number is its destination", (hosts) => frame4(hosts, miraiSyn(hosts[1]))],
  [
    "an answer to it, whose acknowledgement number is the next one",
    (hosts) => {
      const acknowledgment = numberOf(hosts[0]) + 1;
      return frame4(hosts, tcp({ sequence: 5, acknowledgment, flags: ["syn", "ack"], options: OPTIONS }));
    },
  ],
  [
    "an error about eight bytes of a SYN of Mirai",
    (hosts) => {
      const [from, to] = hosts;
      const about = ipv4({ source: to.ipv4, destination: from.ipv4, payload: part(miraiSyn(from), 0, 8) });
      return frame4(hosts, icmp({ type: 3, code: 1, payload: about }));
    },
  ],
  [
    "a SYN of masscan, whose identification is made of its destination",
    (hosts) => {
      const [sequence, destinationPort] = [0x12345678, 443];
      const identification = (numberOf(hosts[1]) ^ destinationPort ^ sequence) & 0xffff;
      return frame4(hosts, tcp({ sequence, destinationPort }), { identification });
    },
  ],
  [
    "an error of ICMPv6",
    (hosts) => {
      const [from, to] = hosts;
      const about = ipv6({ source: to.ipv6, destination: from.ipv6, payload: someTcp });
      return frame6(hosts, icmp6({ type: 3, payload: about }));
    },
  ],
  [
    "a neighbour advertisement",
    (hosts) =>
      frame6(hosts, icmp6({ type: 136, payload: concatenate(ipv6Bytes(hosts[0].ipv6), neighbourOption(2, hosts[0])) })),
  ],
  [
    "a router advertisement with a prefix and name servers",
    (hosts) => {
      const prefix = hosts === originals ? "2001:db8:0:1::" : anonymizer.network("2001:db8:0:1::/64").slice(0, -3);
      const servers = concatenate([25, 3, 0, 0], u32(60), ipv6Bytes(hosts[1].ipv6));
      const options = concatenate([3, 4, 64, 0xc0], u32(60), u32(60), u32(0), ipv6Bytes(prefix), servers);
      return frame6(hosts, icmp6({ type: 134, payload: concatenate(u32(7), u32(8), options) }));
    },
  ],
  [
    "a report of MLDv2",
    (hosts) =>
      frame6(
        hosts,
        icmp6({
          type: 143,
          rest: 1,
          payload: record(ipv6Bytes(hosts === originals ? group6 : anonymizer.address(group6)), [
            ipv6Bytes(hosts[1].ipv6),
          ]),
        }),
      ),
  ],
  [
    "a report of IGMPv3",
    (hosts) => {
      const group = ipv4Bytes(hosts === originals ? group4 : anonymizer.address(group4));
      const message = concatenate([0x22, 0], u16(0), u16(0), u16(1), record(group, [ipv4Bytes(hosts[1].ipv4)]));
      return frame4(hosts, raw(2, withU16(message, 2, internetChecksum(message))));
    },
  ],
  [
    "IPv4 in IPv4",
    (hosts) => {
      const [from, to] = hosts;
      return frame4(hosts, raw(4, ipv4({ source: to.ipv4, destination: from.ipv4, payload: someTcp })));
    },
  ],
  [
    "IPv6 in IPv4",
    (hosts) => {
      const [from, to] = hosts;
      return frame4(hosts, raw(41, ipv6({ source: to.ipv6, destination: from.ipv6, payload: someTcp })));
    },
  ],
  [
    "IPv4 in GRE with a checksum",
    (hosts) => {
      const [from, to] = hosts;
      const inner = ipv4({ source: to.ipv4, destination: from.ipv4, payload: someTcp });
      const gre = concatenate(u16(0x8000), u16(0x0800), u32(0), inner);
      return frame4(hosts, raw(47, withU16(gre, 4, internetChecksum(gre))));
    },
  ],
  [
    "a routing header, and options in front of it",
    (hosts) => frame6(hosts, someTcp, { extensions: [hopByHop([5, 2, 0, 0]), routing([hosts[1].ipv6])] }),
  ],
  [
    "a home address, which the checksum covers instead of the source",
    (hosts) => {
      const [from, to] = hosts;
      const home = ipv6Bytes(to.ipv6);
      const covered = { source: home, destination: home };
      return frame6([from, to], raw(someTcp.protocol, someTcp.build(covered)), {
        extensions: [destinationOptions([0xc9, 16, ...home])],
      });
    },
  ],
  [
    "a recorded route",
    ([from, to]) =>
      frame4([from, to], someTcp, { options: [7, 11, 8, ...ipv4Bytes(to.ipv4), ...ipv4Bytes("0.0.0.0"), 0] }),
  ],
  [
    "a source route, whose end the checksum covers",
    ([from, to]) => {
      const covered = { source: ipv4Bytes(from.ipv4), destination: ipv4Bytes(to.ipv4) };
      const payload = raw(someTcp.protocol, someTcp.build(covered));
      return frame4([from, from], payload, { options: [131, 7, 4, ...ipv4Bytes(to.ipv4), 0] });
    },
  ],
  [
    "tags",
    ([from, to]) =>
      ethernet({
        source: from.mac,
        destination: to.mac,
        vlans: [{ id: 7, tagProtocol: 0x88a8 }, { id: 8 }],
        payload: ipv4({ source: from.ipv4, destination: to.ipv4, payload: someTcp }),
      }),
  ],
  [
    "ARP",
    ([from, to]) =>
      ethernet({
        source: from.mac,
        destination: "ff:ff:ff:ff:ff:ff",
        etherType: etherTypes.arp,
        payload: arp({ senderMac: from.mac, senderAddress: from.ipv4, targetMac: to.mac, targetAddress: to.ipv4 }),
      }),
  ],
];

test.each(cases)("replaces the addresses of %s", (_name, build) => {
  const [kept] = anonymized([build(originals)], { keepsPayload: true });
  expect(Buffer.from(kept ?? []).toString("hex")).toBe(Buffer.from(build(replaced)).toString("hex"));
});

test.each(cases)("cuts %s behind its headers", (_name, build) => {
  const [kept = new Uint8Array()] = anonymized([build(originals)]);
  const whole = Buffer.from(build(replaced));
  expect(Buffer.from(kept).toString("hex")).toBe(whole.subarray(0, kept.length).toString("hex"));
  expect(Buffer.from(kept).includes(data)).toBe(false);
});

test("the group of a frame is that of the address in it", () => {
  const group = (destination: string, mac: string) =>
    ethernet({ destination: mac, payload: ipv4({ destination, payload: udp() }) });
  const [kept = new Uint8Array()] = anonymized([group("239.1.2.3", "01:00:5e:01:02:03")]);
  const address = kept.subarray(30, 34);
  expect([...kept.subarray(0, 6)]).toEqual([1, 0, 0x5e, (address[1] ?? 0) & 0x7f, address[2], address[3]]);
});

describe("checksums", () => {
  const at = 14 + 20 + 6;
  test("that are wrong stay wrong by as much", () => {
    const wrong = (frame: Uint8Array) => withU16(frame, at, 0x1234);
    const right = (frame: Uint8Array) => new DataView(frame.buffer).getUint16(at);
    const before = frame4(originals, udp({ payload: data }));
    const after = frame4(replaced, udp({ payload: data }));
    const [kept = new Uint8Array()] = anonymized([wrong(before)], { keepsPayload: true });
    const difference = (a: number, b: number) => (a - b + 2 * 0xffff) % 0xffff;
    expect(difference(right(kept), right(after))).toBe(difference(0x1234, right(before)));
  });

  test("that UDP has none of stay none", () => {
    const without = (hosts: Hosts) => withU16(frame4(hosts, udp({ payload: data })), at, 0);
    expect(anonymized([without(originals)], { keepsPayload: true })).toEqual([without(replaced)]);
  });
});

test("options of TCP that may hold addresses are overwritten, and the checksum is repaired", () => {
  const withOption = (hosts: Hosts, value: readonly number[]) =>
    frame4(hosts, tcp({ options: [...OPTIONS, 254, 10, ...value, 1, 0, 9] }));
  const zeros = [0, 0, 0, 0, 0, 0, 0, 0];
  const kept = anonymized([withOption(originals, [1, 187, ...ipv4Bytes(sender.ipv4), 0, 0])], { keepsPayload: true });
  const expected = frame4(replaced, tcp({ options: [...OPTIONS, 254, 10, ...zeros, 1, 0, 0] }));
  expect(kept).toEqual([expected]);
});

test("what follows the end of the options of IPv4 is overwritten, and the checksum of the header is repaired", () => {
  const withOptions = (hosts: Hosts, rest: Uint8Array) => frame4(hosts, udp(), { options: [0, 0, 0, 0, ...rest] });
  const kept = anonymized([withOptions(originals, ipv4Bytes(sender.ipv4))]);
  expect(kept).toEqual([withOptions(replaced, new Uint8Array(4))]);
});

test.each([
  ["a protocol of IP", frame4(originals, raw(89, data)), 14 + 20],
  ["an EtherType", ethernet({ etherType: 0x88cc, payload: data }), 14],
  ["a message of ICMP", frame4(originals, icmp({ type: 40, payload: data })), 14 + 20 + 4],
])("%s that is not understood is cut off, payloads kept or not", (_name, frame, length) => {
  expect(anonymized([frame], { keepsPayload: true })[0]).toHaveLength(length);
});

test("nothing is kept of a link type that is not understood", () => {
  expect(anonymized([data], { linkType: 189, keepsPayload: true })).toEqual([new Uint8Array()]);
});

test.each([
  [101, [], []],
  [228, [], []],
  [108, [0, 0, 0, 2], [0, 0, 0, 2]],
  [113, [0, 0, 3, 10, 0, 4, 192, 0, 2, 1, 0, 0, 0, 0, 8, 0], [0, 0, 3, 10, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0]],
  [276, [8, 0, ...Array(9).fill(0), 0, ...Array(8).fill(9)], [8, 0, ...Array(18).fill(0)]],
  [9, [0xff, 3, 0, 0x21], [0xff, 3, 0, 0x21]],
])("packets of link type %i are rewritten behind their header", (linkType, header, kept) => {
  const packet = ([from, to]: Hosts) => ipv4({ source: from.ipv4, destination: to.ipv4, payload: someTcp });
  const [rewritten] = anonymized([concatenate(header, packet(originals))], { linkType, keepsPayload: true });
  expect(rewritten).toEqual(concatenate(kept, packet(replaced)));
});
