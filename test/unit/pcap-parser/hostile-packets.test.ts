import { describe, expect, it } from "vitest";
import { type DecodedPacket, decodePacket } from "../../../src/pcap-parser/index.ts";
import { SAMPLES } from "./frames.ts";

const TRANSPORTS = ["tcp", "udp", "icmp", "sctp", "arp", "ipv4", "ipv6"] as const;

function headersOf(packet: DecodedPacket): string[] {
  return TRANSPORTS.filter((name) => packet[name] !== undefined);
}

describe.each([...SAMPLES])("%s", (_, bytes) => {
  it("is decoded without a problem when it is whole", () => {
    expect(decodePacket(bytes, 1).problem).toBeUndefined();
  });

  it("is decoded up to any cut, and a cut before the payload is said to be one", () => {
    const whole = decodePacket(bytes, 1);
    for (let length = 0; length < bytes.length; length++) {
      const cut = decodePacket(bytes.subarray(0, length), 1);
      expect(headersOf(whole)).toEqual(expect.arrayContaining(headersOf(cut)));
      if (length < whole.payloadOffset) expect(cut.problem, `cut to ${length}`).toMatchObject({ reason: "truncated" });
    }
  });

  it("never makes decoding throw, whichever bytes are changed", () => {
    for (let at = 0; at < bytes.length; at++) {
      for (const value of [0, 1, 4, 0x0f, 0x7f, 0x80, 0xff]) {
        const changed = Uint8Array.from(bytes);
        changed[at] = value;
        for (const linkType of [1, 101]) {
          const packet = decodePacket(changed, linkType);
          expect(packet.payloadOffset).toBeGreaterThanOrEqual(0);
          if (packet.problem === undefined) expect(packet.payloadOffset).toBeLessThanOrEqual(changed.length);
        }
      }
    }
  });
});

it("random bytes are decoded in bounded time and without throwing", () => {
  let state = 12_345;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  };
  for (let round = 0; round < 20_000; round++) {
    const bytes = Uint8Array.from({ length: random() % 120 }, () => random());
    // A plausible type leads deeper than a random one.
    if (bytes.length > 14)
      bytes.set(
        [
          [8, 0],
          [0x86, 0xdd],
          [8, 6],
          [0x81, 0],
        ][random() % 4] ?? [],
        12,
      );
    if (bytes.length > 15) bytes[14] = [0x45, 0x60, 0x4f, 0x46][random() % 4] ?? 0;
    const packet = decodePacket(bytes, 1);
    expect(packet.ipv6Extensions.length).toBeLessThan(32);
  }
});
