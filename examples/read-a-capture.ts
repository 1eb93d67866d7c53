/**
 * Counts the SYNs in a capture file (pcap, pcapng, or gzip of both) by what they are addressed to. ringcap/pcap-parser is
 * pure TypeScript: it needs neither Linux nor privileges.
 *
 *     node examples/read-a-capture.ts flood.pcap
 */
import { decodePacket, openCapture, TCP_FLAGS } from "ringcap/pcap-parser";

const [file = "-"] = process.argv.slice(2);
const targets = new Map<string, number>();

for await (const batch of await openCapture(file)) {
  for (const { data, interface: source } of batch) {
    const { ipv4, ipv6, tcp } = decodePacket(data, source.linkType);
    if (tcp === undefined || (tcp.flags & (TCP_FLAGS.syn | TCP_FLAGS.ack)) !== TCP_FLAGS.syn) continue;
    const target = `${(ipv4 ?? ipv6)?.destinationAddress} port ${tcp.destinationPort}`;
    targets.set(target, (targets.get(target) ?? 0) + 1);
  }
}

for (const [target, syns] of [...targets].sort(([, a], [, b]) => b - a)) console.log(`${syns} SYNs to ${target}`);
