import { expect, test } from "vitest";
import { compileFilter, type FilterOptions } from "../../src/filter/filter.ts";
import { BATCH_RECORD } from "../../src/generated/layouts.ts";
import { HostFilter } from "../../src/native/host-filter.ts";
import { ethernet, ipv4, ipv6, tcp, udp } from "../support/frames.ts";

const HEADER = BATCH_RECORD.size;

/** Packets in the layout of native/batch_record.h. */
function batch(packets: readonly Uint8Array[]): Uint8Array {
  const records = packets.map((packet) => {
    const record = Buffer.alloc(HEADER + ((packet.length + 7) & ~7));
    record.writeUInt32LE(packet.length, 8);
    record.writeUInt32LE(packet.length, 12);
    record.set(packet, HEADER);
    return record;
  });
  return new Uint8Array(Buffer.concat(records));
}

function verdicts(filter: FilterOptions, packets: readonly Uint8Array[], linkType = 1): number[] {
  const { bytes, networkKeys } = compileFilter(filter);
  const result = new Uint8Array(packets.length);
  const matched = new HostFilter(bytes, networkKeys, linkType).match(batch(packets), packets.length, result);
  expect(matched).toBe(result.reduce((sum, verdict) => sum + verdict, 0));
  return [...result];
}

const from = (source: string) =>
  ethernet({ payload: source.includes(":") ? ipv6({ source, payload: tcp() }) : ipv4({ source, payload: tcp() }) });

test("a verdict is given for each packet of a batch, in order", () => {
  const packets = [from("192.0.2.1"), ethernet({ payload: ipv4({ payload: udp() }) }), from("2001:db8::1")];
  expect(verdicts({ protocol: "tcp" }, packets)).toEqual([1, 0, 1]);
  expect(verdicts({ protocol: "udp" }, packets)).toEqual([0, 1, 0]);
  expect(verdicts({}, packets)).toEqual([1, 1, 1]);
});

test("of 100,000 networks the one that covers an address is found, and no neighbour", () => {
  // Every second /24 of 10.0.0.0/8 and on, some hosts between, and IPv6.
  const networks = Array.from({ length: 100_000 }, (_, index) => {
    const even = index * 2;
    return `${10 + (even >> 16)}.${(even >> 8) & 255}.${even & 255}.0/24`;
  });
  const sourceNetwork = [...networks, "10.0.1.7", "2001:db8:8000::/33", "2001:db8:8000:1::/64"];
  const asked = [
    ...["10.0.0.0", "10.0.0.255", "10.0.2.1", "10.0.1.7", "12.255.254.9", "2001:db8:8000::1", "2001:db8:ffff::1"],
    ...["10.0.1.0", "10.0.1.6", "10.0.1.8", "9.255.255.255", "2001:db8:7fff::1", "2001:db9::1"],
  ];
  expect(verdicts({ sourceNetwork }, asked.map(from))).toEqual([1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
});

test("the sets of source and destination are kept apart", () => {
  const packet = [from("192.0.2.1")];
  expect(verdicts({ sourceHost: "192.0.2.1" }, packet)).toEqual([1]);
  expect(verdicts({ destinationHost: "192.0.2.1" }, packet)).toEqual([0]);
});

test("a prefix of no bits covers everything of its version only", () => {
  const packets = [from("192.0.2.1"), from("2001:db8::1")];
  expect(verdicts({ sourceNetwork: "0.0.0.0/0" }, packets)).toEqual([1, 0]);
  expect(verdicts({ sourceNetwork: "::/0" }, packets)).toEqual([0, 1]);
});

test("packets without a link header are told apart by their version", () => {
  const packets = [ipv4({ payload: tcp() }), ipv6({ payload: tcp() }), new Uint8Array(0)];
  expect(verdicts({ port: "80" }, packets, 101)).toEqual([1, 1, 0]);
});

test("lengths that lead out of the batch are refused", () => {
  const { bytes, networkKeys } = compileFilter({});
  const filter = new HostFilter(bytes, networkKeys, 1);
  const lying = batch([from("192.0.2.1")]);
  new DataView(lying.buffer).setUint32(8, 0xffff_fff0, true);
  expect(() => filter.match(lying, 1, new Uint8Array(1))).toThrow(RangeError);
  expect(() => filter.match(new Uint8Array(10), 1, new Uint8Array(1))).toThrow(RangeError);
  expect(() => filter.match(batch([from("192.0.2.1")]), 2, new Uint8Array(2))).toThrow(RangeError);
  expect(() => filter.match(batch([from("192.0.2.1")]), 1, new Uint8Array(0))).toThrow(RangeError);
});

test("a filter of another size, a broken key and an unknown link type are refused", () => {
  const { bytes, networkKeys } = compileFilter({ host: "192.0.2.1" });
  expect(() => new HostFilter(bytes.subarray(1), networkKeys, 1)).toThrow(RangeError);
  expect(() => new HostFilter(bytes, networkKeys.subarray(1), 1)).toThrow(RangeError);
  const outOfRange = networkKeys.slice();
  outOfRange[4] = 200;
  expect(() => new HostFilter(bytes, outOfRange, 1)).toThrow(RangeError);
  expect(() => new HostFilter(bytes, networkKeys, 147)).toThrow(/147/);
});
