/** What the decoders say, against the fields of tshark, and where npm's `cap` is odd, against what it says. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { decoders } from "../../../src/cap/decoders/index.ts";
import {
  arp,
  concatenate,
  destinationOptions,
  ethernet,
  etherTypes,
  fragment,
  hopByHop,
  icmp,
  icmp6,
  ipv4,
  ipv6,
  llc,
  raw,
  routing,
  sctp,
  tcp,
  tcpOption,
  u32,
  udp,
  zeros,
} from "../../support/frames.ts";
import { writePcap } from "../../support/pcap-fixture.ts";
import { describeWith, requirements } from "../../support/privileges.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { tsharkFields } from "../../support/tshark-fields.ts";

const { ARP, Ethernet, ICMPV4, IPV4, IPV6, PROTOCOL, SCTP, TCP, UDP } = decoders;

const urgent = tcp({ flags: ["urg", "psh", "ack"], acknowledgment: 0xfedcba98, urgentPointer: 7, payload: [1, 2, 3] });
const quoted = ipv4({ payload: udp({ payload: zeros(8) }) });

const frames = [
  ethernet({ etherType: etherTypes.arp, payload: arp({ operation: 2, targetMac: "0a:0b:0c:0d:0e:0f" }) }),
  ethernet({ etherType: "length", payload: llc({ payload: zeros(30) }) }),
  ethernet({ vlans: [{ id: 4001, dropEligible: true }], payload: ipv4({ payload: tcp() }) }),
  ethernet({ payload: ipv4({ typeOfService: 0xb9, identification: 0xabcd, dontFragment: true, payload: urgent }) }),
  ethernet({ payload: ipv4({ options: [1, 1, 1], timeToLive: 255, payload: udp({ payload: zeros(100) }) }) }),
  ethernet({ payload: ipv4({ fragmentOffset: 65_520 - 8, moreFragments: true, payload: raw(17, zeros(8)) }) }),
  ethernet({
    payload: ipv4({ payload: tcp({ sequence: 0xffffffff, options: tcpOption.timestamps(1), flags: ["syn", "ece"] }) }),
  }),
  ethernet({ payload: ipv4({ payload: sctp({ sourcePort: 9, destinationPort: 65_535 }) }) }),
  ethernet({ payload: ipv6({ trafficClass: 0xb8, flowLabel: 0xabcde, hopLimit: 1, payload: udp() }) }),
  ethernet({
    payload: ipv6({
      extensions: [hopByHop(), destinationOptions(zeros(20)), routing(), fragment()],
      payload: tcp({ destinationPort: 443 }),
    }),
  }),
  ethernet({ payload: ipv6({ payload: icmp6() }) }),
  ...[
    icmp({ type: 0, rest: 0x1234abcd, payload: zeros(4) }),
    icmp({ type: 8, rest: 0x1234abcd }),
    icmp({ type: 3, code: 1, payload: quoted }),
    icmp({ type: 3, code: 4, rest: 1400, payload: quoted }),
    icmp({ type: 5, code: 1, rest: 0xc0000209, payload: quoted }),
    icmp({ type: 11, payload: quoted }),
    icmp({ type: 12, rest: 20 << 24, payload: quoted }),
    icmp({ type: 13, rest: 0x00010002, payload: [...u32(1), ...u32(2), ...u32(3)] }),
    icmp({ type: 14, rest: 0x00010002, payload: [...u32(0x80000000), ...u32(2), ...u32(3)] }),
    icmp({ type: 17, rest: 0x00010002, payload: [255, 255, 255, 0] }),
  ].map((payload) => ethernet({ payload: ipv4({ payload }) })),
];

type Fields = Record<string, number | string | undefined>;

const transport = (buffer: Buffer, protocol: number | undefined, offset: number): Fields => {
  if (protocol === PROTOCOL.IP.TCP) {
    const { info, hdrlen } = TCP(buffer, offset);
    return {
      "tcp.srcport": info.srcport,
      "tcp.dstport": info.dstport,
      "tcp.seq_raw": info.seqno,
      "tcp.ack_raw": info.ackno ?? 0,
      "tcp.flags": info.flags,
      "tcp.window_size_value": info.window,
      "tcp.checksum": info.checksum,
      "tcp.urgent_pointer": info.urgentptr ?? 0,
      "tcp.hdr_len": hdrlen,
    };
  }
  if (protocol === PROTOCOL.IP.UDP) {
    const { srcport, dstport, length, checksum } = UDP(buffer, offset).info;
    return { "udp.srcport": srcport, "udp.dstport": dstport, "udp.length": length + 8, "udp.checksum": checksum };
  }
  if (protocol === PROTOCOL.IP.SCTP) {
    const { srcport, dstport } = SCTP(buffer, offset, offset).info;
    return { "sctp.srcport": srcport, "sctp.dstport": dstport };
  }
  if (protocol !== PROTOCOL.IP.ICMP) return {};
  const { info } = ICMPV4(buffer, buffer.length, offset);
  return {
    "icmp.type": info.type,
    "icmp.code": info.code,
    "icmp.checksum": info.checksum,
    // It leaves them out of an echo request.
    ...(info.type === 8 ? {} : { "icmp.ident": info.identifier, "icmp.seq": info.seqno }),
    "icmp.mtu": info.nextHopMTU,
    "icmp.redir_gw": info.gatewayAddr,
    "icmp.pointer": info.pointer,
    "icmp.originate_timestamp": info.originate,
    ...(info.type === 14 ? { "icmp.receive_timestamp": info.receive, "icmp.transmit_timestamp": info.transmit } : {}),
  };
};

/** What the decoders say of a frame, by the names that tshark has for it. */
function decode(frame: Uint8Array): Fields {
  const buffer = Buffer.from(frame);
  const { info: link, offset } = Ethernet(buffer);
  const fields: Fields = {
    "eth.dst": link.dstmac,
    "eth.src": link.srcmac,
    "eth.len": link.length,
    "vlan.id": link.vlan?.VID,
    "vlan.dei": link.vlan === undefined ? undefined : Number(link.vlan.CFI),
  };
  if (link.type === PROTOCOL.ETHERNET.ARP) {
    const { info } = ARP(buffer, offset);
    return {
      ...fields,
      "arp.hw.type": info.hardwareaddr,
      "arp.proto.type": info.protocol,
      "arp.hw.size": info.hdrlen,
      "arp.proto.size": info.protlen,
      "arp.opcode": info.opcode,
      "arp.src.hw_mac": info.sendermac,
      "arp.src.proto_ipv4": info.senderip,
      "arp.dst.hw_mac": info.targetmac,
      "arp.dst.proto_ipv4": info.targetip,
    };
  }
  if (link.type === PROTOCOL.ETHERNET.IPV4) {
    const { info, hdrlen, offset: next } = IPV4(buffer, offset);
    const more = info.fragoffset > 0 ? {} : transport(buffer, info.protocol, next);
    return {
      ...fields,
      "ip.hdr_len": hdrlen,
      "ip.dsfield.dscp": info.dscp,
      "ip.dsfield.ecn": info.ecn,
      "ip.len": info.totallen,
      "ip.id": info.id,
      "ip.flags": info.flags,
      "ip.frag_offset": info.fragoffset,
      "ip.ttl": info.ttl,
      "ip.proto": info.protocol,
      "ip.checksum": info.hdrchecksum,
      "ip.src": info.srcaddr,
      "ip.dst": info.dstaddr,
      ...more,
    };
  }
  if (link.type !== PROTOCOL.ETHERNET.IPV6) return fields;
  const { info, offset: next } = IPV6(buffer, offset);
  return {
    ...fields,
    "ipv6.tclass": info.class,
    "ipv6.flow": info.flowLabel,
    "ipv6.plen": info.payloadlen,
    "ipv6.hlim": info.hopLimit,
    "ipv6.src": info.srcaddr,
    "ipv6.dst": info.dstaddr,
    ...transport(buffer, info.protocol, next ?? Number.NaN),
  };
}

/** The address as the decoder of IPv6 writes it. */
function inBytes(address: string): string {
  const [head = "", tail = ""] = address.split("::");
  const groups = (part: string) => (part === "" ? [] : part.split(":")).map((group) => group.padStart(4, "0"));
  const [first, last] = [groups(head), groups(tail)];
  const all = [...first, ...Array.from({ length: 8 - first.length - last.length }, () => "0000"), ...last];
  return (all.join("").match(/../g) ?? []).join(":");
}

/** tshark's value of the outer packet, as a decoder says it. */
function asDecoded(name: string, text: string): number | string | undefined {
  const [value = ""] = text.split(",");
  if (value === "") return undefined;
  if (name === "ipv6.src" || name === "ipv6.dst") return inBytes(value);
  return /^(0x[0-9a-f]+|\d+)$/.test(value) ? Number(value) : value;
}

describeWith([requirements.tools("tshark")], "the decoders", () => {
  test("say of every frame what tshark says", async () => {
    const path = join(temporaryDirectory(), "frames.pcap");
    writePcap(
      path,
      frames.map((data) => ({ data })),
    );
    const decoded = frames.map(decode);
    const names = [...new Set(decoded.flatMap((fields) => Object.keys(fields)))];
    const judged = await tsharkFields(path, names);
    expect(judged).toHaveLength(frames.length);
    for (const [index, fields] of decoded.entries()) {
      const wanted = Object.keys(fields).map((name) => [name, asDecoded(name, judged[index]?.[name] ?? "")]);
      expect(fields, `frame ${index + 1}`).toEqual(Object.fromEntries(wanted));
    }
  });
});

test("a header is decoded from its offset on, and the next one starts behind it", () => {
  const frame = concatenate(zeros(5), frames[3] ?? []);
  const link = Ethernet(Buffer.from(frame), 5);
  const network = IPV4(Buffer.from(frame), link.offset);
  const segment = TCP(Buffer.from(frame), network.offset);
  expect([link.offset, network.offset, segment.offset]).toEqual([19, 39, 59]);
  expect([...frame.subarray(segment.offset)]).toEqual([1, 2, 3]);
});
