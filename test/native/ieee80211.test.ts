/** Where packets start in 802.11 frames: every form of their headers, and tshark's word for it. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compileFilter } from "../../src/filter/filter.ts";
import { BATCH_RECORD } from "../../src/generated/layouts.ts";
import { HostFilter } from "../../src/native/host-filter.ts";
import { concatenate, ipv4, ipv6, u16, u32, udp, zeros } from "../support/frames.ts";
import { writePcap } from "../support/pcap-fixture.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const RADIOTAP = 127;
const DATA_PAD = 0x20;
const FCS_AT_END = 0x10;

const littleEndian = (value: number) => [...u32(value)].reverse();

interface Form {
  readonly words: number;
  readonly time: boolean;
  /** Of radiotap; undefined: the header has none. */
  readonly flags: number | undefined;
  readonly channel: boolean;
  readonly qualityOfService: boolean;
  readonly fourAddresses: boolean;
  readonly order: boolean;
  readonly aggregate: boolean;
  readonly version: 4 | 6;
}

const both = [false, true];

function* allForms(): Generator<Form> {
  for (const words of [1, 2, 3])
    for (const time of both)
      for (const flags of [undefined, 0, DATA_PAD, FCS_AT_END, DATA_PAD | FCS_AT_END, 0x02])
        for (const channel of both)
          for (const qualityOfService of both)
            for (const fourAddresses of both)
              for (const order of both)
                for (const aggregate of qualityOfService ? both : [false])
                  for (const version of [4, 6] as const)
                    yield { words, time, flags, channel, qualityOfService, fourAddresses, order, aggregate, version };
}

/** https://www.radiotap.org: each field is aligned to its size, from the beginning of the header. */
function radiotap({ words, time, flags, channel }: Form): Uint8Array {
  const present = (time ? 1 : 0) | (flags === undefined ? 0 : 2) | (channel ? 8 : 0);
  const more = 0x8000_0000;
  // Further words are of the same name space.
  const all = Array.from({ length: words }, (_, index) => {
    const bits = index === 0 ? present : 0;
    return (bits | (index < words - 1 ? more | 0x2000_0000 : 0)) >>> 0;
  });
  const bytes: number[] = all.flatMap(littleEndian);
  const align = (size: number) => bytes.push(...zeros(-(bytes.length + 4) & (size - 1)));
  if (time) {
    align(8);
    bytes.push(1, 2, 3, 4, 5, 6, 7, 8);
  }
  if (flags !== undefined) bytes.push(flags);
  if (channel) {
    align(2);
    bytes.push(0x6c, 0x09, 0x80, 0x00);
  }
  const length = bytes.length + 4;
  return concatenate([0, 0, length & 0xff, length >> 8], bytes);
}

function frame(form: Form): Uint8Array {
  const { qualityOfService, fourAddresses, order, aggregate, flags = 0, version } = form;
  const address = (last: number) => [2, 0, 0, 0, 0, last];
  const control = [qualityOfService ? 0x88 : 0x08, (fourAddresses ? 3 : 1) | (order ? 0x80 : 0)];
  const header = concatenate(
    ...[control, u16(0), address(1), address(2), address(3), u16(0)],
    fourAddresses ? address(4) : [],
    qualityOfService ? [aggregate ? 0x80 : 0, 0] : [],
    qualityOfService && order ? u32(0) : [],
  );
  const padding = (flags & DATA_PAD) === 0 ? 0 : -header.length & 3;
  const payload = udp({ destinationPort: 5353 });
  const snap = concatenate([0xaa, 0xaa, 3, 0, 0, 0], u16(version === 4 ? 0x0800 : 0x86dd));
  const body = concatenate(snap, version === 4 ? ipv4({ payload }) : ipv6({ payload }));
  const subframe = aggregate ? concatenate(address(5), address(6), u16(body.length)) : [];
  const check = (flags & FCS_AT_END) === 0 ? [] : u32(0x1234_5678);
  return concatenate(radiotap(form), header, zeros(padding), subframe, body, check);
}

/** Numbers of the packets that match, from 1. */
function matchedBy(packets: readonly Uint8Array[]): number[] {
  const records = packets.map((packet) => {
    const record = Buffer.alloc(BATCH_RECORD.size + ((packet.length + 7) & ~7));
    record.writeUInt32LE(packet.length, BATCH_RECORD.capturedLength);
    record.writeUInt32LE(packet.length, BATCH_RECORD.originalLength);
    record.set(packet, BATCH_RECORD.size);
    return record;
  });
  const { bytes, networkKeys } = compileFilter({ protocol: "udp", port: 5353 });
  const verdicts = new Uint8Array(packets.length);
  const batch = new Uint8Array(Buffer.concat(records));
  new HostFilter(bytes, networkKeys, RADIOTAP).match(batch, packets.length, verdicts);
  return [...verdicts].flatMap((verdict, index) => (verdict === 1 ? [index + 1] : []));
}

function matchedByTshark(packets: readonly Uint8Array[]): number[] {
  const path = join(temporaryDirectory(), "wireless.pcap");
  writePcap(
    path,
    packets.map((data) => ({ data })),
    RADIOTAP,
  );
  const args = ["-n", "-r", path, "-Y", "udp.port == 5353", "-T", "fields", "-e", "frame.number"];
  return execFileSync("tshark", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
    .trim()
    .split("\n")
    .map(Number);
}

test("UDP is found behind every form of radiotap and 802.11 headers, as by tshark", () => {
  const packets = [...allForms()].map(frame);
  const expected = matchedByTshark(packets);
  expect(expected).toHaveLength(packets.length);
  expect(matchedBy(packets)).toEqual(expected);
});

test("headers that are cut off or lie about their length lead nowhere", () => {
  const form = { words: 3, time: true, flags: DATA_PAD, channel: true, version: 4 } as const;
  const whole = frame({ ...form, qualityOfService: true, fourAddresses: true, order: true, aggregate: true });
  const length = whole[2] ?? 0;
  const portsEnd = whole.length - 4;
  const cuts = Array.from({ length: whole.length }, (_, end) => whole.subarray(0, end));
  expect(matchedBy(cuts).map((number) => number - 1)).toEqual([portsEnd, portsEnd + 1, portsEnd + 2, portsEnd + 3]);
  const lying = [0, 4, 7, length - 1, length + 1, 0xff].map((claimed) => {
    const bytes = Uint8Array.from(whole);
    bytes[2] = claimed;
    return bytes;
  });
  // Every word says that another follows.
  const endless = Uint8Array.from(whole);
  endless.fill(0xff, 4, length);
  expect(matchedBy([...lying, endless])).toEqual([]);
});

test("frames of another protocol version, and those without data, are no packets", () => {
  const form = { words: 1, time: false, flags: undefined, channel: false, version: 4 } as const;
  const whole = frame({ ...form, qualityOfService: true, fourAddresses: false, order: false, aggregate: false });
  const start = whole[2] ?? 0;
  const others = [0x89, 0xc8, 0x80, 0x84, 0x8c].map((control) => {
    const bytes = Uint8Array.from(whole);
    bytes[start] = control;
    return bytes;
  });
  expect(matchedBy([whole, ...others])).toEqual([1]);
});
