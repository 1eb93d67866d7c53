/** Packets that somebody made up, and packets that were cut anywhere. */
import { expect, test } from "vitest";
import { anonymized } from "../../support/anonymized.ts";
import { ipv4Bytes, ipv6Bytes, macBytes } from "../../support/frames/addresses.ts";
import { concatenate } from "../../support/frames/bytes.ts";
import { ethernet } from "../../support/frames/ethernet.ts";
import { icmp, icmp6 } from "../../support/frames/icmp.ts";
import { ipv4 } from "../../support/frames/ipv4.ts";
import { ipv6, routing } from "../../support/frames/ipv6.ts";
import { tcp } from "../../support/frames/tcp.ts";
import { hostilePackets } from "../../support/hostile-packets.ts";

test.each([false, true])("whatever a packet has, it is not longer afterwards, payloads kept: %s", (keepsPayload) => {
  const packets = [...hostilePackets(6000)];
  for (const linkType of new Set(packets.map((packet) => packet.linkType))) {
    const own = packets.filter((packet) => packet.linkType === linkType).map(({ data }) => data);
    const kept = anonymized(own, { linkType, keepsPayload });
    expect(kept.length).toBe(own.length);
    for (const [index, bytes] of kept.entries()) expect(bytes.length).toBeLessThanOrEqual(own[index]?.length ?? 0);
  }
});

const address4 = "203.0.113.77";
const address6 = "2001:db8:5a5a:6b6b:7c7c:8d8d:9e9e:afaf";
const mac = "00:1b:21:3c:4d:5e";

const inner4 = ipv4({ source: address4, destination: address4, payload: tcp() });
const inner6 = ipv6({ source: address6, destination: address6, payload: tcp() });
const target = concatenate(ipv6Bytes(address6), [1, 1], macBytes(mac));
const packets = [
  ipv4({ source: address4, destination: address4, payload: icmp({ type: 3, payload: inner4 }) }),
  ipv4({ source: address4, destination: address4, options: [7, 7, 4, ...ipv4Bytes(address4), 0], payload: tcp() }),
  ipv6({ source: address6, destination: address6, payload: icmp6({ type: 1, payload: inner6 }) }),
  ipv6({ source: address6, destination: address6, payload: icmp6({ type: 135, payload: target }) }),
  ipv6({ source: address6, destination: address6, extensions: [routing([address6, address6])], payload: tcp() }),
].map((payload) => ethernet({ source: mac, destination: mac, payload }));

test("of a packet that is cut anywhere no part of an address is left", () => {
  const parts = [ipv4Bytes(address4).slice(0, 3), ipv6Bytes(address6).slice(4, 7), macBytes(mac).slice(0, 3)];
  for (const packet of packets) {
    const cut = Array.from({ length: packet.length + 1 }, (_, length) => packet.subarray(0, length));
    for (const kept of anonymized(cut, { keepsPayload: true })) {
      for (const part of parts) expect(Buffer.from(kept).includes(Buffer.from(part))).toBe(false);
    }
  }
});
