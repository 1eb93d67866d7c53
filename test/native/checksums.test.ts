import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { completeChecksums } from "../../src/native/checksums.ts";
import { complete, completed, ETHERNET, recordOf, untouched } from "../support/completed-checksums.ts";
import { leftToCard, withChecksum } from "../support/frames/left-to-card.ts";
import {
  concatenate,
  destinationOptions,
  ethernet,
  fragment,
  hopByHop,
  icmp6,
  ipv4,
  ipv6,
  raw,
  routing,
  type Segment,
  tcp,
  u16,
  udp,
} from "../support/frames.ts";
import { writePcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { tsharkFields } from "../support/tshark-fields.ts";

const payload = Uint8Array.from({ length: 333 }, (_, index) => (index * 7) & 0xff);
const segment = tcp({ flags: ["ack"], payload });

/** A DCCP packet of type Data with short sequence numbers (RFC 4340 section 5.1); its checksum covers all of it. */
const dccp = raw(33, concatenate(u16(1), u16(2), [3, 0], u16(0), [4, 0, 0, 1], payload));
const cases: [string, number, (built: Segment) => Uint8Array, Segment][] = [
  ["TCP over IPv4", ETHERNET, (built) => ethernet({ payload: ipv4({ payload: built }) }), segment],
  ["TCP over IPv6", ETHERNET, (built) => ethernet({ payload: ipv6({ payload: built }) }), segment],
  ["UDP over IPv4", ETHERNET, (built) => ethernet({ payload: ipv4({ payload: built }) }), udp({ payload })],
  ["UDP over IPv6", ETHERNET, (built) => ethernet({ payload: ipv6({ payload: built }) }), udp({ payload })],
  ["ICMPv6", ETHERNET, (built) => ethernet({ payload: ipv6({ payload: built }) }), icmp6({ payload })],
  ["DCCP", ETHERNET, (built) => ethernet({ payload: ipv4({ payload: built }) }), withChecksum(dccp)],
  ["TCP without a payload", ETHERNET, (built) => ethernet({ payload: ipv4({ payload: built }) }), tcp()],
  [
    "Ethernet padding behind the packet",
    ETHERNET,
    (built) => concatenate(ethernet({ payload: ipv4({ payload: built }) }), new Uint8Array(7).fill(0xee)),
    segment,
  ],
  [
    "IPv4 options",
    ETHERNET,
    (built) => ethernet({ payload: ipv4({ payload: built, options: [148, 4, 0, 0] }) }),
    segment,
  ],
  [
    "IPv6 extension headers",
    ETHERNET,
    (built) => {
      const extensions = [hopByHop(), routing(), fragment(), destinationOptions()];
      return ethernet({ payload: ipv6({ payload: built, extensions }) });
    },
    segment,
  ],
  ["a VLAN tag", ETHERNET, (built) => ethernet({ vlans: [{ id: 5 }], payload: ipv4({ payload: built }) }), segment],
  [
    "three VLAN tags",
    ETHERNET,
    (built) => {
      const vlans = [{ id: 5, tagProtocol: 0x88a8 }, { id: 6 }, { id: 7 }];
      return ethernet({ vlans, payload: ipv6({ payload: built }) });
    },
    segment,
  ],
  ["raw IP with IPv4", 101, (built) => ipv4({ payload: built }), segment],
  ["raw IP with IPv6", 101, (built) => ipv6({ payload: built }), segment],
  ["IPv4 alone", 228, (built) => ipv4({ payload: built }), segment],
  ["IPv6 alone", 229, (built) => ipv6({ payload: built }), segment],
  ["BSD loopback, little-endian", 0, (built) => concatenate([2, 0, 0, 0], ipv4({ payload: built })), segment],
  ["BSD loopback, big-endian", 0, (built) => concatenate([0, 0, 0, 24], ipv6({ payload: built })), segment],
  ["OpenBSD loopback", 108, (built) => concatenate([0, 0, 0, 2], ipv4({ payload: built })), segment],
  ["Linux cooked", 113, (built) => concatenate(new Uint8Array(14), u16(0x0800), ipv4({ payload: built })), segment],
  [
    "Linux cooked with a VLAN tag",
    113,
    (built) => concatenate(new Uint8Array(14), u16(0x8100), u16(5), u16(0x86dd), ipv6({ payload: built })),
    segment,
  ],
  [
    "Linux cooked, version 2",
    276,
    (built) => concatenate(u16(0x86dd), new Uint8Array(18), ipv6({ payload: built })),
    segment,
  ],
];

describe.each(cases)("%s", (_name, linkType, frame, built) => {
  test("is completed where the checksum was left to the network card", () => {
    expect(complete(frame(leftToCard(built)), linkType)).toEqual(completed(frame(built)));
  });

  test("keeps a right checksum, and a wrong one that was not left to the network card", () => {
    expect(complete(frame(built), linkType)).toEqual(untouched(frame(built)));
    const corrupt: Segment = {
      protocol: built.protocol,
      build: (addresses) => {
        const bytes = built.build(addresses);
        return bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1);
      },
    };
    expect(complete(frame(corrupt), linkType)).toEqual(untouched(frame(corrupt)));
  });
});

describeWith(requirements.tools("tshark"), "tshark", () => {
  const fields = ["tcp.checksum.status", "udp.checksum.status", "icmpv6.checksum.status"] as const;
  const GOOD = "1";

  const framesOf = (linkType: number) =>
    cases
      .filter(([name, type]) => type === linkType && name !== "DCCP")
      .map(([, , frame, built]) => frame(leftToCard(built)));
  const statusesOf = async (frames: readonly Uint8Array[], linkType: number) => {
    const path = join(temporaryDirectory(), "checksums.pcap");
    const packets = frames.map((data) => ({ data }));
    writePcap(path, packets, linkType);
    return (await tsharkFields(path, fields)).map((packet) => Object.values(packet).join(""));
  };

  test.each([...new Set(cases.map(([, type]) => type))])(
    "finds completed checksums of link type %i right",
    async (linkType) => {
      const records = framesOf(linkType).map((frame) => recordOf(frame));
      for (const record of records) completeChecksums(record, 1, linkType);
      const statuses = await statusesOf(
        records.map((record) => record.subarray(16)),
        linkType,
      );
      expect(statuses).toEqual(records.map(() => GOOD));
    },
  );

  test("finds none right that was left to the network card", async () => {
    expect(await statusesOf(framesOf(ETHERNET), ETHERNET)).not.toContain(GOOD);
  });
});
