/** The captures of the suite in a test of one's own, which sees the packets that the filter lets through. */
import { fileURLToPath } from "node:url";
import { replay } from "ringcap";
import { decodePacket, TCP_FLAGS } from "ringcap/pcap-parser";
import { expect, test } from "vitest";

const flood = fileURLToPath(new URL("captures/flood.pcap", import.meta.url));

test("the filter lets the SYNs of a flood through, and nothing else", async () => {
  const session = await replay(flood, { filter: { port: "80,443", tcpFlags: "syn,!ack" }, engine: "user" });
  const targets = new Set<string | undefined>();
  for await (const batch of session) {
    for (const { data } of batch) {
      const { ipv4, tcp } = decodePacket(data, session.link.linkType);
      expect(tcp?.flags).toBe(TCP_FLAGS.syn);
      targets.add(ipv4?.destinationAddress);
    }
  }
  expect(session.counters()).toMatchObject({ seen: 60, matched: 54 });
  expect([...targets]).toEqual(["198.51.100.2"]);
});
