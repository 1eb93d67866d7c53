// What a recorded SYN flood looks like.
import { decodePacket, PcapParser } from "../../dist/pcap-parser/index.js";

const TOP = 5;
const NANOSECONDS = 1_000_000_000;

/** @param {Map<string, number>} counts @param {string} key */
function count(counts, key) {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** @param {string} title @param {Map<string, number>} counts @param {number} total */
function table(title, counts, total) {
  const rows = [...counts].sort(([, a], [, b]) => b - a).slice(0, TOP);
  const lines = rows.map(([name, number]) => {
    return `  ${name.padEnd(18)} ${number.toLocaleString("en").padStart(9)}  ${((100 * number) / total).toFixed(1).padStart(5)} %`;
  });
  return `${title} (${counts.size.toLocaleString("en")} different)\n${lines.join("\n")}\n`;
}

/**
 * @param {Uint8Array} bytes of the .pcap
 * @param {{ packets: import("../../dist/pipeline/run.js").PacketReport }} report
 * @param {string} file
 */
export function summarise(bytes, report, file) {
  /** @type {Map<string, number>} */
  const sources = new Map();
  /** @type {Map<string, number>} */
  const ports = new Map();
  let packets = 0;
  let first;
  let last = 0n;
  for (const { data, timestamp, interface: source } of new PcapParser(bytes, { name: file }).packets()) {
    const decoded = decodePacket(data, source.linkType);
    if (decoded.ipv4) count(sources, decoded.ipv4.sourceAddress);
    if (decoded.ports) count(ports, String(decoded.ports.destination));
    first ??= timestamp;
    last = timestamp;
    packets++;
  }
  const seconds = Number(last - (first ?? 0n)) / NANOSECONDS;
  const rate = seconds > 0 ? Math.round(packets / seconds).toLocaleString("en") : "-";
  const { seen, matched, ringDropped, written } = report.packets;
  return [
    "",
    `${file}: ${packets.toLocaleString("en")} SYNs in ${seconds.toFixed(3)} s, ${rate} a second`,
    "",
    table("Sources", sources, packets),
    table("Destination ports", ports, packets),
    `Counters: ${seen} seen, ${matched} matched, ${written} written, ${ringDropped} lost`,
    `Open it:  wireshark ${file}`,
    "",
  ].join("\n");
}
