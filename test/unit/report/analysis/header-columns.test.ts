import { describe, expect, it } from "vitest";
import { decodePacket } from "../../../../src/pcap-parser/index.ts";
import { formatAddress } from "../../../../src/report/analysis/addresses.ts";
import type { HeaderColumns } from "../../../../src/report/analysis/header-columns.ts";
import { PACKET_CLASSES } from "../../../../src/report/values.ts";
import {
  concatenate,
  ethernet,
  fragment,
  hopByHop,
  icmp,
  ipv4,
  ipv6,
  part,
  type TcpFlag,
  tcp,
  udp,
  zeros,
} from "../../../support/frames.ts";
import { SAMPLES } from "../../pcap-parser/frames.ts";
import { columnsOf, eachColumns } from "../columns.ts";

function described(columns: HeaderColumns, index = 0) {
  const version = columns.ipVersion[index] ?? 0;
  return {
    version,
    source: version === 0 ? undefined : formatAddress(columns.source, 4 * index),
    destination: version === 0 ? undefined : formatAddress(columns.destination, 4 * index),
    protocol: columns.protocol[index],
    ports: columns.hasPorts[index] === 1 ? [columns.sourcePort[index], columns.destinationPort[index]] : undefined,
    class: PACKET_CLASSES[columns.packetClass[index] ?? -1],
    isMalformed: columns.isMalformed[index],
    isCut: columns.isCut[index],
  };
}

/** All that the columns say, if the bytes around the packets have a value. */
function everything(variants: readonly Uint8Array[], around: number) {
  const columns = columnsOf(
    variants.map((data) => ({ data })),
    1,
    around,
  );
  return Object.entries(columns).filter(([name]) => !["bytes", "place", "view"].includes(name));
}

const syn = () => ethernet({ payload: ipv4({ payload: tcp() }) });
const SYN = {
  version: 4,
  source: "192.0.2.1",
  destination: "198.51.100.2",
  protocol: 6,
  ports: [49152, 80],
  class: "syn",
};

describe("link types", () => {
  const packet = ipv4({ payload: tcp() });
  const packet6 = ipv6({ payload: tcp() });
  const snap = (type: readonly number[]) => [0xaa, 0xaa, 3, 0, 0, 0, ...type];
  const wireless = (control: readonly number[], length: number) => [...control, ...zeros(length - control.length)];
  it.each<[string, number, Uint8Array]>([
    ["Ethernet", 1, syn()],
    ["one tag", 1, ethernet({ vlans: [{ id: 5 }], payload: packet })],
    ["two tags", 1, ethernet({ vlans: [{ id: 5, tagProtocol: 0x88a8 }, { id: 6 }], payload: packet })],
    ["SNAP", 1, ethernet({ etherType: "length", payload: concatenate(snap([8, 0]), packet) })],
    ["PPPoE", 1, ethernet({ etherType: 0x8864, payload: concatenate([0x11, 0, 0, 1, 0, 42, 0, 0x21], packet) })],
    ["MPLS", 1, ethernet({ etherType: 0x8847, payload: concatenate([0, 0, 0x10, 64, 0, 0, 0x21, 64], packet) })],
    ...[12, 14, 101, 228].map((type): [string, number, Uint8Array] => [`raw ${type}`, type, packet]),
    ["NULL, little-endian", 0, concatenate([2, 0, 0, 0], packet)],
    ["NULL, big-endian", 0, concatenate([0, 0, 0, 2], packet)],
    ["LOOP", 108, concatenate([0, 0, 0, 2], packet)],
    ["PPP", 9, concatenate([0, 0x21], packet)],
    ["PPP with its address and control, and a short protocol", 9, concatenate([0xff, 3, 0x21], packet)],
    ["cooked", 113, concatenate(zeros(14), [8, 0], packet)],
    ["cooked with a tag", 113, concatenate(zeros(14), [0x81, 0, 0, 5, 8, 0], packet)],
    ["cooked, second version", 276, concatenate([8, 0], zeros(18), packet)],
    ["802.11", 105, concatenate(wireless([8, 1], 24), snap([8, 0]), packet)],
    ["802.11 with QoS between access points", 105, concatenate(wireless([0x88, 3], 32), snap([8, 0]), packet)],
    ["radiotap", 127, concatenate([0, 0, 8, 0, 0, 0, 0, 0], wireless([8, 1], 24), snap([8, 0]), packet)],
    [
      "radiotap that pads the 802.11 header",
      127,
      concatenate([0, 0, 9, 0, 2, 0, 0, 0, 0x20], wireless([0x88, 1], 28), snap([8, 0]), packet),
    ],
  ])("%s", (_, linkType, data) => {
    expect(described(columnsOf([{ data }], linkType))).toMatchObject({ ...SYN, isMalformed: 0 });
  });

  it.each([229, 101, 12])("raw %i with IPv6", (linkType) => {
    const found = described(columnsOf([{ data: packet6 }], linkType));
    expect(found).toMatchObject({ version: 6, source: "2001:db8::1", destination: "2001:db8:1::2", class: "syn" });
  });

  it.each([24, 28, 30, 10])("NULL with the family %i of IPv6", (family) => {
    expect(described(columnsOf([{ data: concatenate([family, 0, 0, 0], packet6) }], 0)).version).toBe(6);
  });

  it("takes what it does not know for no IP, and not for a fault", () => {
    expect(described(columnsOf([{ data: syn() }], 147))).toMatchObject({ class: "notIp", isMalformed: 0 });
  });

  it("tells link types apart within one portion", () => {
    const columns = columnsOf([{ data: syn() }, { data: packet, linkType: 101 }, { data: syn() }]);
    expect([0, 1, 2].map((index) => described(columns, index).class)).toEqual(["syn", "syn", "syn"]);
  });
});

describe("classes", () => {
  const flags = (...names: TcpFlag[]) => tcp({ flags: names });
  it.each([
    ["syn", flags("syn")],
    ["syn", flags("syn", "ece", "cwr")],
    ["synAck", flags("syn", "ack")],
    ["rst", flags("rst")],
    ["rst", flags("rst", "ack")],
    ["fin", flags("fin", "ack")],
    ["fin", flags("fin")],
    ["ack", flags("ack")],
    ["tcpData", tcp({ flags: ["ack", "psh"], payload: [1] })],
    ["tcpOther", flags()],
    ["tcpOther", flags("fin", "psh", "urg")],
    ["tcpOther", flags("syn", "fin")],
    ["udp", udp()],
    ["icmp", icmp({ type: 8 })],
    ["otherIp", { protocol: 47, build: () => zeros(8) }],
  ])("%s", (name, payload) => {
    expect(described(columnsOf([{ data: ethernet({ payload: ipv4({ payload }), minimumLength: 60 }) }])).class).toBe(
      name,
    );
  });

  it("knows first and later fragments, and that only the first has ports", () => {
    const first = ipv4({ moreFragments: true, payload: part(udp({ payload: zeros(16) }), 0, 16) });
    const later = ipv4({ fragmentOffset: 16, payload: part(udp({ payload: zeros(16) }), 16) });
    const atomic = ipv6({ extensions: [hopByHop(), fragment()], payload: udp() });
    const first6 = ipv6({
      extensions: [fragment({ moreFragments: true })],
      payload: part(udp({ payload: zeros(16) }), 0, 16),
    });
    const later6 = ipv6({ extensions: [fragment({ offset: 16 })], payload: part(udp({ payload: zeros(16) }), 16) });
    const columns = columnsOf(
      [first, later, atomic, first6, later6].map((payload) => ({ data: ethernet({ payload }) })),
    );
    const found = [0, 1, 2, 3, 4].map((index) => described(columns, index));
    expect(found.map((packet) => packet.class)).toEqual(["fragment", "fragment", "udp", "fragment", "fragment"]);
    expect(found.map(({ ports }) => ports !== undefined)).toEqual([true, false, true, true, false]);
    expect(found.map(({ protocol }) => protocol)).toEqual([17, 17, 17, 17, 17]);
    expect([...columns.ipFlags.subarray(0, 5)]).toEqual([2, 4, 0, 2, 4]);
  });
});

it("reads the fields of TCP and IP", () => {
  const payload = tcp({ sequence: 0xfedc_ba98, acknowledgment: 7, window: 1024, flags: ["syn", "ece"] });
  const data = ethernet({
    payload: ipv4({ identification: 54321, timeToLive: 57, dontFragment: true, payload }),
    minimumLength: 60,
  });
  const columns = columnsOf([{ data }]);
  const first = Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, value?.[0]]));
  expect(first).toMatchObject({ sequence: 0xfedc_ba98, acknowledgement: 7, window: 1024, tcpFlags: 0x42, ttl: 57 });
  expect(first).toMatchObject({ ipId: 54321, ipFlags: 1, payloadLength: 0, transport: 8 + 34, headerEnd: 8 + 54 });
});

it("tells a header that was cut from one that is wrong", () => {
  const whole = syn();
  const cut = columnsOf(
    [10, 20, 33, 40, 53].map((length) => ({ data: whole.subarray(0, length), originalLength: whole.length })),
  );
  expect([...cut.isCut.subarray(0, 5)]).toEqual([1, 1, 1, 1, 1]);
  const wrong = columnsOf([
    { data: ethernet({ payload: ipv4({ payload: tcp(), internetHeaderLength: 4 }) }) },
    { data: ethernet({ payload: ipv4({ payload: part(tcp(), 0, 19) }) }) },
  ]);
  expect([...wrong.isMalformed.subarray(0, 2)]).toEqual([1, 1]);
  expect([...wrong.isCut.subarray(0, 2)]).toEqual([0, 0]);
});

it("fills portions of many packets, of which each forgets the one before", () => {
  const all = [...new Array<{ data: Uint8Array }>(1500).fill({ data: syn() }), { data: zeros(3) }];
  const portions: number[] = [];
  let last: unknown;
  eachColumns(all, (columns) => {
    portions.push(columns.count);
    last = described(columns, columns.count - 1);
  });
  expect(portions).toEqual([1024, 477]);
  expect(last).toMatchObject({ version: 0, class: "notIp", ports: undefined });
});

describe.each([...SAMPLES])("%s", (_, bytes) => {
  it("is decoded as the parser decodes it, with bytes cut or changed, and never from bytes outside of it", () => {
    const variants = [bytes];
    for (let length = 0; length < bytes.length; length++) variants.push(bytes.subarray(0, length));
    for (let at = 12; at < Math.min(bytes.length, 80); at++) {
      for (const value of [0, 4, 0x0f, 0x80, 0xff]) variants.push(bytes.with(at, value));
    }
    expect(everything(variants, 0xff)).toEqual(everything(variants, 0x06));
    const columns = columnsOf(variants.map((data) => ({ data })));
    for (const [index, data] of variants.entries()) {
      const { ipv4: v4, ipv6: v6, ports, tcp: header } = decodePacket(data, 1);
      const found = described(columns, index);
      if (ports !== undefined) expect(found.ports).toEqual([ports.source, ports.destination]);
      if (header !== undefined) expect(columns.sequence[index]).toBe(header.sequenceNumber);
      const ip = v4 ?? v6;
      if (ip === undefined || found.version === 0) continue;
      expect(found).toMatchObject({ source: ip.sourceAddress, destination: ip.destinationAddress });
    }
  });
});
