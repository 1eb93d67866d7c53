/** Reports of captures in which nothing happens: some ordinary packets, and no packet. */
import type { Report } from "../../../src/report/report.ts";
import { random } from "../random.ts";
import { amount, BEGINS, byClass, captureFile, second, sum, topList } from "./parts.ts";
import { synFloodReport } from "./syn-flood.ts";

/** Some ordinary packets of ten seconds, in a file that says nothing of losses. */
export function quietReport(): Report {
  const flood = synFloodReport();
  const draw = random(16);
  const data = Array.from({ length: 10 }, () => Math.round(40 * draw()));
  const dns = Array.from({ length: 10 }, () => Math.round(4 * draw()));
  const totals = byClass({ tcpData: amount(sum(data), 900), udp: amount(sum(dns), 120) });
  const matched = sum(data) + sum(dns);
  const nothing = { entries: [], error: 0, distinct: { value: 0, error: 0 }, hasDominant: false };
  const file = captureFile();
  return {
    ...flood,
    command: ["ringcap", "report", "-"],
    filter: null,
    files: [
      {
        ...file,
        name: "-",
        sha256: null,
        format: "pcap",
        packets: matched,
        bytes: 81_204,
        hardware: "",
        os: "",
        application: "",
        comments: [],
        interfaces: [],
      },
    ],
    packets: {
      read: matched,
      matched,
      bytes: totals.tcpData.bytes + totals.udp.bytes,
      ipv4: matched,
      ipv6: 0,
      notIp: 0,
      malformed: 0,
      byClass: totals,
    },
    span: { first: BEGINS, last: second(9), seconds: 9.8 },
    completeness: {
      ...flood.completeness,
      dropped: null,
      sampledOut: null,
      rateLimited: null,
      heldShare: null,
      cutPackets: 0,
      marks: [],
      sentences: ["The file is pcap, which has no place for losses."],
    },
    verdict: {
      ...flood.verdict,
      kind: "none",
      title: "Ordinary traffic",
      confidence: 0.9,
      target: null,
      begins: null,
      ends: null,
      seconds: null,
      peak: null,
      packets: 0,
      bytes: 0,
      spoofed: { is: "unknown", confidence: 0, reasons: [] },
      reasons: ["No class of packets rises above what is usual of connections that were finished."],
    },
    rates: {
      begins: BEGINS,
      intervalSeconds: 1,
      count: 10,
      series: [
        { class: "tcpData", packets: data, bytes: data.map((packets) => packets * 900) },
        { class: "udp", packets: dns, bytes: dns.map((packets) => packets * 120) },
      ],
      peak: { time: second(4), packetsPerSecond: 41, bitsPerSecond: 290_000 },
      marks: [],
    },
    spoofing: {
      ...flood.spoofing,
      packets: matched,
      uniqueSources: { value: 4, error: 0 },
      sourcesByInterval: data.map(() => 3),
      newSourcesByInterval: data.map((_, index) => (index === 0 ? 3 : 0)),
      packetsPerSource: matched / 4,
      firstBytes: Array.from({ length: 256 }, (_, byte) => (byte === 192 ? matched : 0)),
      bogons: [],
      bogonShare: 0,
      ttls: [{ ttl: 64, packets: matched, sources: { value: 4, error: 0 } }],
      retransmittingShare: null,
      handshakes: null,
    },
    fingerprints: { packets: 0, unreadable: 0, distinct: 0, isExact: true, entries: [] },
    top: {
      sources: topList(["192.0.2.10", "192.0.2.1"], matched, (index) => [0.7, 0.3][index] ?? 0),
      sourceNetworks: topList(["192.0.2.0/24"], matched, () => 1),
      destinations: topList(["192.0.2.1", "192.0.2.10"], matched, (index) => [0.7, 0.3][index] ?? 0),
      sourcePorts: nothing,
      destinationPorts: topList(["443", "53"], matched, (index) => [0.9, 0.1][index] ?? 0),
      services: nothing,
    },
    victim: null,
  };
}

/** A report of a capture without one packet. */
export function emptyReport(): Report {
  const quiet = quietReport();
  const nothing = { entries: [], error: 0, distinct: { value: 0, error: 0 }, hasDominant: false };
  const none = { bits: 0, mostBits: 0 };
  return {
    ...quiet,
    packets: { read: 0, matched: 0, bytes: 0, ipv4: 0, ipv6: 0, notIp: 0, malformed: 0, byClass: byClass({}) },
    span: null,
    verdict: { ...quiet.verdict, title: "No packets", confidence: 1, reasons: [] },
    rates: { begins: null, intervalSeconds: 1, count: 0, series: [], peak: null, marks: [] },
    spoofing: {
      ...quiet.spoofing,
      about: { classes: null, destination: null },
      packets: 0,
      uniqueSources: { value: 0, error: 0 },
      sourcesByInterval: [],
      newSourcesByInterval: [],
      packetsPerSource: 0,
      entropy: { sources: none, sourcePorts: none, sequenceNumbers: none, ipIds: none },
      firstBytes: Array.from({ length: 256 }, () => 0),
      ttls: [],
    },
    top: {
      sources: nothing,
      sourceNetworks: nothing,
      destinations: nothing,
      sourcePorts: nothing,
      destinationPorts: nothing,
      services: nothing,
    },
  };
}
