import { expect, test } from "vitest";
import { HeaderColumns } from "../../../../src/report/analysis/header-columns.ts";
import { EndpointTally } from "../../../../src/report/verdict/endpoints/endpoint-tally.ts";
import { batchesOf } from "../../../traffic/batches.ts";
import { Dice } from "../../../traffic/dice.ts";
import { addressText } from "../../../traffic/frame.ts";
import { SYN, type TrafficPacket, tcp, UDP, udp } from "../../../traffic/packet.ts";

const TRAITS = { linkTypeOf: () => 1, hasTime: () => true };
const TARGET = 0x05060708;

function tallied(packets: readonly TrafficPacket[], isIpv6 = false) {
  const tally = new EndpointTally();
  const columns = new HeaderColumns();
  for (const batch of batchesOf(packets, isIpv6)) {
    const cursor = batch.cursor();
    while (columns.fill(cursor, TRAITS)) tally.add(columns);
  }
  const endpoints = tally.endpoints();
  return { endpoints, of: (address: number) => endpoints.find((one) => one.address === addressText(address, isIpv6)) };
}

test.for([false, true])("an address has the packets of both directions by class (IPv6: %s)", (isIpv6) => {
  const other = 0x01020304;
  const ends = { from: other, fromPort: 5000, to: TARGET, toPort: 443 };
  const { endpoints, of } = tallied(
    [tcp(0, ends, SYN), tcp(1, ends, SYN), udp(2, TARGET, 53, other, 4000, 100), udp(3, TARGET, 53, other, 4001, 300)],
    isIpv6,
  );
  const headers = isIpv6 ? 62 : 42;
  expect(endpoints).toHaveLength(2);
  expect(of(TARGET)?.received).toEqual({
    syn: {
      packets: 2,
      bytes: isIpv6 ? 148 : 120,
      peers: 1,
      peerPorts: 1,
      ownPorts: 1,
      flows: 1,
      topPeerPorts: [{ port: 5000, packets: 2, bytes: isIpv6 ? 148 : 120 }],
      topOwnPorts: [{ port: 443, packets: 2, bytes: isIpv6 ? 148 : 120 }],
    },
  });
  expect(of(other)?.received.udp).toMatchObject({
    packets: 2,
    bytes: 400 + 2 * headers,
    peers: 1,
    ownPorts: 2,
    flows: 2,
  });
  expect(of(TARGET)?.sent.udp).toMatchObject({ packets: 2, bytes: 400 + 2 * headers, peerPorts: 2, ownPorts: 1 });
  expect(of(TARGET)?.sent.udp?.topOwnPorts).toEqual([{ port: 53, packets: 2, bytes: 400 + 2 * headers }]);
});

test("a target that comes late is found among a hundred thousand addresses that sent one packet each", () => {
  const dice = new Dice(1);
  const packets = Array.from({ length: 100_000 }, (_, index) => {
    const ends = {
      from: dice.address(),
      fromPort: dice.port(),
      to: index < 50_000 ? dice.address() : TARGET,
      toPort: 80,
    };
    return tcp(index / 10_000, ends, SYN);
  });
  const { endpoints, of } = tallied(packets);
  expect(endpoints.length).toBeLessThanOrEqual(128);
  const syns = of(TARGET)?.received.syn;
  expect(syns?.packets).toBeGreaterThan(49_900);
  expect(syns?.topOwnPorts).toEqual([{ port: 80, packets: syns?.packets, bytes: 60 * (syns?.packets ?? 0) }]);
  // Three standard errors.
  expect(Math.abs((syns?.peers ?? 0) / 50_000 - 1)).toBeLessThan(0.2);
  expect(Math.abs((syns?.flows ?? 0) / 50_000 - 1)).toBeLessThan(0.2);
});

test("the ports with most packets are those that stand out, and none is counted too high", () => {
  const dice = new Dice(2);
  const packets = Array.from({ length: 20_000 }, (_, index) => {
    const port = index % 2 === 0 ? 53 : index % 3 === 0 ? 123 : dice.port();
    return udp(index / 10_000, dice.address(), port, TARGET, 9, 100);
  });
  const [first, second] = tallied(packets).of(TARGET)?.received.udp?.topPeerPorts ?? [];
  expect(first).toMatchObject({ port: 53 });
  expect(first?.packets).toBeGreaterThan(9900);
  expect(first?.packets).toBeLessThanOrEqual(10_000);
  expect(second).toMatchObject({ port: 123 });
  expect(second?.packets).toBeLessThanOrEqual(3334);
});

test("fragments are told apart by which part of a packet they are", () => {
  const ends = { from: 0x01020304, to: TARGET, fromPort: 53, toPort: 7, protocol: UDP };
  const offsets = [0, 1480, 2960];
  const packets = offsets.map((offset, at) => ({
    at,
    ...ends,
    payload: 1480,
    fragment: { offset, more: offset < 2960 },
  }));
  const fragments = tallied(packets).of(TARGET)?.received.fragment;
  expect(fragments?.topOwnPorts.map(({ port, packets: count }) => [port, count])).toEqual([
    [0, 1],
    [1, 1],
    [2, 1],
  ]);
  expect(fragments?.topPeerPorts.find(({ port }) => port === 53)?.packets).toBe(1);
});
