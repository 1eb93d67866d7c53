import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  ethernet,
  etherTypes,
  fragment,
  ipv4,
  ipv6,
  part,
  type TcpFlag,
  tcp,
  tcpOption,
  udp,
} from "../../support/frames.ts";
import { writePcap } from "../../support/pcap-fixture.ts";
import { describeWith, requirements } from "../../support/privileges.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { eachPacketForItself, tsharkFields } from "../../support/tshark-fields.ts";

function file(frames: readonly Uint8Array[], linkType?: number): string {
  const path = join(temporaryDirectory(), "frames.pcap");
  writePcap(
    path,
    frames.map((data) => ({ data })),
    linkType,
  );
  return path;
}

describeWith(requirements.tools("tshark"), "built frames as tshark reads them", () => {
  test("every field of IPv4 is what was asked for", async () => {
    const packet = ipv4({
      source: "203.0.113.7",
      destination: "198.51.100.255",
      typeOfService: 0xb9,
      identification: 0xbeef,
      dontFragment: true,
      timeToLive: 3,
      payload: udp({ sourcePort: 53, destinationPort: 5353, payload: [1, 2, 3] }),
    });
    const fields = ["ip.src", "ip.dst", "ip.dsfield", "ip.id", "ip.flags.df", "ip.ttl", "ip.len", "udp.port"] as const;
    expect(await tsharkFields(file([ethernet({ payload: packet })]), fields)).toEqual([
      {
        "ip.src": "203.0.113.7",
        "ip.dst": "198.51.100.255",
        "ip.dsfield": "0xb9",
        "ip.id": "0xbeef",
        "ip.flags.df": "1",
        "ip.ttl": "3",
        "ip.len": "31",
        "udp.port": "53,5353",
      },
    ]);
  });

  test("every field of IPv6 is what was asked for", async () => {
    const packet = ipv6({
      source: "2001:db8::",
      destination: "2001:db8:1:2:3:4:5:ffff",
      trafficClass: 0xb9,
      flowLabel: 0xabcde,
      hopLimit: 3,
      payload: tcp(),
    });
    const fields = ["ipv6.src", "ipv6.dst", "ipv6.tclass", "ipv6.flow", "ipv6.hlim", "ipv6.plen"] as const;
    expect(await tsharkFields(file([ethernet({ payload: packet })]), fields)).toEqual([
      {
        "ipv6.src": "2001:db8::",
        "ipv6.dst": "2001:db8:1:2:3:4:5:ffff",
        "ipv6.tclass": "0x000000b9",
        "ipv6.flow": "0x0abcde",
        "ipv6.hlim": "3",
        "ipv6.plen": "20",
      },
    ]);
  });

  test("each TCP flag is its own bit", async () => {
    const flags: readonly TcpFlag[] = ["fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"];
    const path = file(flags.map((flag) => ethernet({ payload: ipv4({ payload: tcp({ flags: [flag] }) }) })));
    const shown = await tsharkFields(path, ["tcp.flags.str"]);
    expect(shown.map((row) => row["tcp.flags.str"].replaceAll("·", ""))).toEqual([..."FSRPAUEC"]);
  });

  test("TCP options stand in the header, and the payload behind them", async () => {
    const options = [...tcpOption.maximumSegmentSize(1220), ...tcpOption.timestamps(7, 9), ...tcpOption.windowScale(5)];
    const path = file([ethernet({ payload: ipv4({ payload: tcp({ options, payload: [0xaa, 0xbb] }) }) })]);
    const fields = ["tcp.options.mss_val", "tcp.options.timestamp.tsval", "tcp.options.timestamp.tsecr"] as const;
    expect(await tsharkFields(path, [...fields, "tcp.options.wscale.shift", "tcp.payload", "tcp.hdr_len"])).toEqual([
      {
        "tcp.options.mss_val": "1220",
        "tcp.options.timestamp.tsval": "7",
        "tcp.options.timestamp.tsecr": "9",
        "tcp.options.wscale.shift": "5",
        "tcp.payload": "aabb",
        "tcp.hdr_len": "40",
      },
    ]);
  });

  test("VLAN tags nest with their identifiers, priorities and protocols", async () => {
    const vlans = [
      { id: 4094, tagProtocol: etherTypes.serviceTag, dropEligible: true },
      { id: 1, priority: 7 },
    ];
    const path = file([ethernet({ vlans, payload: ipv4({ payload: tcp() }) })]);
    const fields = ["eth.type", "ieee8021ad.id", "ieee8021ad.dei", "vlan.id", "vlan.priority", "tcp.dstport"] as const;
    const [row] = await tsharkFields(path, fields);
    expect(row).toMatchObject({ "eth.type": "0x88a8", "ieee8021ad.id": "4094", "ieee8021ad.dei": "1" });
    expect(row).toMatchObject({ "vlan.id": "1", "vlan.priority": "7", "tcp.dstport": "80" });
  });

  test("fragments of one segment make a whole with a right checksum, in IPv4 and in IPv6", async () => {
    const whole = tcp({ payload: new Uint8Array(100).fill(0x5a) });
    const pieces = [part(whole, 0, 64), part(whole, 64)] as const;
    const more = (index: number) => ({ moreFragments: index === 0 });
    const path = file([
      ...pieces.map((payload, index) =>
        ethernet({ payload: ipv4({ identification: 9, fragmentOffset: index * 64, ...more(index), payload }) }),
      ),
      ...pieces.map((payload, index) =>
        ethernet({ payload: ipv6({ extensions: [fragment({ offset: index * 64, ...more(index) })], payload }) }),
      ),
    ]);
    const preferences = eachPacketForItself.map((preference) =>
      preference.includes(".defragment") ? preference.replace("FALSE", "TRUE") : preference,
    );
    const rows = await tsharkFields(path, ["frame.number", "tcp.len", "tcp.checksum.status"], {
      preferences,
      filter: "tcp",
    });
    expect(rows).toEqual([
      { "frame.number": "2", "tcp.len": "100", "tcp.checksum.status": "1" },
      { "frame.number": "4", "tcp.len": "100", "tcp.checksum.status": "1" },
    ]);
  });

  test("a packet without a link header is one of link type RAW", async () => {
    const path = file([ipv4({ payload: tcp() }), ipv6({ payload: tcp() })], 101);
    const rows = await tsharkFields(path, ["frame.protocols", "tcp.checksum.status"]);
    expect(rows).toEqual([
      { "frame.protocols": "raw:ip:tcp", "tcp.checksum.status": "1" },
      { "frame.protocols": "raw:ipv6:tcp", "tcp.checksum.status": "1" },
    ]);
  });
});

describe("the frame builders refuse", () => {
  const mistakes: readonly (readonly [string, () => unknown, RegExp])[] = [
    ["a fragment offset off the 8-byte grid", () => ipv4({ fragmentOffset: 4, payload: tcp() }), /multiple of 8/],
    ["the same in IPv6", () => fragment({ offset: 12 }), /multiple of 8/],
    ["a host name for an address", () => ipv4({ source: "localhost", payload: tcp() }), /not an IPv4 address/],
    ["an IPv4 address for IPv6", () => ipv6({ source: "192.0.2.1", payload: tcp() }), /not an IPv6 address/],
    ["a payload of unknown EtherType", () => ethernet({ payload: Uint8Array.of(0) }), /etherType/],
    ["a short MAC address", () => ethernet({ source: "02:00", payload: ipv4({ payload: tcp() }) }), /MAC address/],
  ];
  test.each(mistakes)("%s", (_name, build, message) => {
    expect(build).toThrow(message);
  });
});

test("zeros follow a packet up to the minimum length of its frame", () => {
  const frame = ethernet({ payload: ipv4({ payload: tcp() }), minimumLength: 60 });
  expect([...frame.slice(54)]).toEqual([0, 0, 0, 0, 0, 0]);
});
