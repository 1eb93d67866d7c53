/** Packets whose checksums cannot or must not be completed, and those at the edges of what can. */
import { describe, expect, test } from "vitest";
import { completeChecksums } from "../../src/native/checksums.ts";
import { complete, completed, cut, ETHERNET, recordOf, untouched } from "../support/completed-checksums.ts";
import { withU16 } from "../support/frames/bytes.ts";
import { leftToCard, withChecksum } from "../support/frames/left-to-card.ts";
import {
  concatenate,
  ethernet,
  fragment,
  hopByHop,
  ipv4,
  ipv6,
  raw,
  routing,
  type Segment,
  sctp,
  tcp,
  u16,
  udp,
} from "../support/frames.ts";

const payload = Uint8Array.from({ length: 333 }, (_, index) => (index * 7) & 0xff);
const segment = tcp({ flags: ["ack"], payload });

describe("SCTP", () => {
  const whole = sctp();
  const frame = ethernet({ payload: ipv6({ payload: whole }) });
  const empty: Segment = {
    protocol: whole.protocol,
    build: (addresses) => {
      const bytes = Uint8Array.from(whole.build(addresses));
      bytes.fill(0, 8, 12);
      return bytes;
    },
  };
  const left = ethernet({ payload: ipv6({ payload: empty }) });

  test("is completed where its checksum is zero", () => {
    expect(complete(left)).toEqual(completed(frame));
    expect(complete(frame)).toEqual(untouched(frame));
    expect(complete(left.subarray(0, -4), ETHERNET, left.length)).toEqual(cut(left.subarray(0, -4)));
  });
});

describe("packets within packets", () => {
  const inner = (built: Segment) => ethernet({ payload: ipv4({ payload: built }) });
  const vxlan = concatenate([8, 0, 0, 0], [0, 0, 5, 0]);
  const geneve = concatenate([1, 0], u16(0x6558), [0, 0, 5, 0], [0, 1, 0, 0]);
  const tunnels: [string, (built: Segment) => Segment][] = [
    ["IPv4 in IP", (built) => raw(4, ipv4({ payload: built }))],
    ["IPv6 in IP", (built) => raw(41, ipv6({ payload: built }))],
    ["GRE", (built) => raw(47, concatenate(u16(0x2000), u16(0x86dd), [0, 0, 0, 9], ipv6({ payload: built })))],
    ["GRE with Ethernet", (built) => raw(47, concatenate(u16(0), u16(0x6558), inner(built)))],
    ["VXLAN", (built) => udp({ destinationPort: 4789, payload: concatenate(vxlan, inner(built)) })],
    ["VXLAN at Linux's port", (built) => udp({ destinationPort: 8472, payload: concatenate(vxlan, inner(built)) })],
    ["Geneve", (built) => udp({ destinationPort: 6081, payload: concatenate(geneve, inner(built)) })],
  ];

  test.each(tunnels)("are completed behind %s", (_name, tunnel) => {
    const outer = (carried: Segment) => ethernet({ payload: ipv4({ payload: carried }) });
    const [right, left] = [outer(tunnel(segment)), outer(tunnel(leftToCard(segment)))];
    expect(complete(left).completed).toBe(1);
    // The outer checksum of the right frame covers other bytes than that of the one that was left to the card.
    const withoutOuter = (frame: Uint8Array) => (tunnel(segment).protocol === 17 ? withU16(frame, 40, 0) : frame);
    expect(complete(withoutOuter(left))).toEqual(completed(withoutOuter(right)));
  });

  test.each(tunnels.filter(([name]) => /VXLAN|Geneve/.test(name)))(
    "of %s are completed from the inside out",
    (_name, tunnel) => {
      const outer = (carried: Segment) => ethernet({ payload: ipv6({ payload: carried }) });
      expect(complete(outer(leftToCard(tunnel(leftToCard(segment)))))).toEqual(completed(outer(tunnel(segment))));
    },
  );

  test("in hostile numbers end", () => {
    let packet = ipv4({ payload: leftToCard(segment) });
    for (let depth = 0; depth < 2000; depth++) packet = ipv4({ payload: raw(4, packet) });
    expect(complete(packet, 101)).toEqual(untouched(packet));
  });
});

describe("UDP", () => {
  test("without a checksum has none afterwards", () => {
    const frame = withU16(ethernet({ payload: ipv4({ payload: udp({ payload }) }) }), 40, 0);
    expect(complete(frame)).toEqual(untouched(frame));
  });

  test("with a checksum of zero says 0xffff", () => {
    const plain = ethernet({ payload: ipv4({ payload: udp({ payload: [0, 0] }) }) });
    const balanced = udp({ payload: [plain[40] ?? 0, plain[41] ?? 0] });
    const expected = ethernet({ payload: ipv4({ payload: balanced }) });
    expect([...expected.subarray(40, 42)]).toEqual([0xff, 0xff]);
    expect(complete(ethernet({ payload: ipv4({ payload: leftToCard(balanced) }) }))).toEqual(completed(expected));
  });
});

test("UDP-Lite, whose checksum may cover a part only, stays as it is", () => {
  const frame = ethernet({
    payload: ipv4({
      payload: leftToCard(
        raw(
          136,
          udp({ payload }).build({
            source: new Uint8Array(4),
            destination: new Uint8Array(4),
          }),
        ),
      ),
    }),
  });
  expect(complete(frame)).toEqual(untouched(frame));
});

describe("a packet that was cut", () => {
  const left = ethernet({ payload: ipv4({ payload: leftToCard(segment) }) });
  const right = ethernet({ payload: ipv4({ payload: segment }) });

  test.each([
    ["within its payload", 128],
    ["behind its checksum", 14 + 20 + 18],
    ["before its last byte", left.length - 1],
  ])("%s is counted", (_place, length) => {
    expect(complete(left.subarray(0, length), ETHERNET, left.length)).toEqual(cut(left.subarray(0, length)));
  });

  test.each([0, 13, 20, 33, 34, 50, 51])("to %i bytes has no checksum to complete", (length) => {
    expect(complete(left.subarray(0, length), ETHERNET, left.length)).toEqual(untouched(left.subarray(0, length)));
  });

  test("within the padding behind it is complete", () => {
    expect(complete(left, ETHERNET, left.length + 4)).toEqual(completed(right));
  });
});

test("fragments stay as they are", () => {
  const first = ethernet({ payload: ipv4({ moreFragments: true, payload: leftToCard(segment) }) });
  const later = ethernet({ payload: ipv4({ fragmentOffset: 8, payload: leftToCard(segment) }) });
  const extensions = [fragment({ moreFragments: true })];
  const firstOfSix = ethernet({ payload: ipv6({ extensions, payload: leftToCard(segment) }) });
  for (const frame of [first, later, firstOfSix]) expect(complete(frame)).toEqual(untouched(frame));
});

describe("a packet longer than its header can say", () => {
  const long = tcp({ flags: ["ack"], payload: new Uint8Array(150_000).fill(0x5a) });
  const total = 16;
  const payloadLength = 18;
  test.each([
    ["IPv4", (built: Segment) => withU16(ethernet({ payload: ipv4({ payload: built }) }), total, 0)],
    ["IPv6", (built: Segment) => withU16(ethernet({ payload: ipv6({ payload: built }) }), payloadLength, 0)],
  ])("of %s reaches to the end of the frame", (_version, frame) => {
    const left = frame(leftToCard(long));
    expect(complete(left)).toEqual(completed(frame(withChecksum(long))));
    expect(complete(left.subarray(0, 1000), ETHERNET, left.length)).toEqual(cut(left.subarray(0, 1000)));
  });
});

test("the pseudo header has the last destination of a routing header", () => {
  const source = new Uint8Array(16).fill(1);
  const last = new Uint8Array(16).fill(2);
  const built = leftToCard(segment).build({ source, destination: last });
  const header = concatenate([6, 2, 4, 1, 0, 0, 0, 0], last);
  const packet = Uint8Array.from(ipv6({ payload: raw(43, concatenate(header, built)) }));
  packet.set(source, 8);
  const right = Uint8Array.from(packet);
  right.set(segment.build({ source, destination: last }), 40 + header.length);
  expect(complete(packet, 101)).toEqual(completed(right));
});

test("packets of a link type that is not known stay as they are", () => {
  const frame = ethernet({ payload: ipv4({ payload: leftToCard(segment) }) });
  expect(complete(frame, 147)).toEqual(untouched(frame));
});

test("records that are not whole are refused", () => {
  const record = recordOf(ethernet({ payload: ipv4({ payload: segment }) }));
  expect(() => completeChecksums(record, 2, ETHERNET)).toThrow(RangeError);
  expect(() => completeChecksums(record.subarray(0, -1), 1, ETHERNET)).toThrow(RangeError);
});

test("bytes at random change no length and read nothing beyond the packet", () => {
  const base = ethernet({
    payload: ipv6({ extensions: [hopByHop(), routing(), fragment()], payload: leftToCard(segment) }),
  });
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 8;
  };
  for (let round = 0; round < 5_000; round++) {
    const data = Uint8Array.from(base);
    for (let change = 0; change < 4; change++) data[random() % 90] = random();
    const length = random() % (data.length + 1);
    const record = recordOf(data.subarray(0, length));
    const before = record.slice();
    const linkType = [0, 1, 101, 105, 113, 127, 276][random() % 7] ?? 1;
    const { completed: changed } = completeChecksums(record, 1, linkType);
    if (changed === 0) expect(record).toEqual(before);
  }
});
