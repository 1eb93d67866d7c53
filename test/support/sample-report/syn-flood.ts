/** A report as an analysis makes it of a SYN flood from made-up sources. */
import type { Report } from "../../../src/report/report.ts";
import type { RateMark } from "../../../src/report/values.ts";
import { random } from "../random.ts";
import { amount, BEGINS, byClass, captureFile, fingerprint, second, sum, TARGET, topList } from "./parts.ts";

/** Five minutes with a SYN flood of three and a half in them, recorded by a watch that sampled. */
export function synFloodReport(): Report {
  const draw = random(15);
  const count = 300;
  const isFlood = (index: number) => index >= 7 && index < 220;
  const shape = (index: number) => (isFlood(index) ? 380_000 * Math.min(1, (index - 6) / 12) : 90);
  const syn = Array.from({ length: count }, (_, index) => Math.round(shape(index) * (0.92 + 0.16 * draw())));
  const data = Array.from({ length: count }, (_, index) =>
    Math.round((isFlood(index) ? 4000 : 21_000) * (0.7 + draw())),
  );
  const ack = data.map((packets) => Math.round(packets * 0.45));
  const synAck = syn.map((packets, index) => (isFlood(index) ? Math.round(packets * 0.12) : packets));
  const udp = data.map(() => Math.round(900 * draw()));
  const classes = { syn, synAck, ack, tcpData: data, udp };
  const sizes = { syn: 58, synAck: 62, ack: 66, tcpData: 1100, udp: 240 };
  const names = ["syn", "synAck", "ack", "tcpData", "udp"] as const;
  const series = names.map((name) => ({
    class: name,
    packets: classes[name],
    bytes: classes[name].map((packets) => packets * sizes[name]),
  }));
  const totals = byClass(Object.fromEntries(names.map((name) => [name, amount(sum(classes[name]), sizes[name])])));
  const matched = sum(names.map((name) => totals[name].packets));
  const bytes = sum(names.map((name) => totals[name].bytes));
  const flood = sum(syn.filter((_, index) => isFlood(index)));
  const marks: RateMark[] = [
    { time: second(9), kind: "trigger", text: "20000/s: 61,204 packets/s, usually 14" },
    { time: second(14), kind: "sampling", text: "one packet in 8 from here on" },
    { time: second(61), kind: "dropped", text: "41,204 packets were lost: the ring was full" },
    { time: second(150), kind: "sampling", text: "one packet in 16 from here on" },
    { time: second(224), kind: "ended", text: "the rule held no longer" },
  ];
  const address = () =>
    `${1 + Math.floor(223 * draw())}.${Math.floor(256 * draw())}.${Math.floor(256 * draw())}.${Math.floor(256 * draw())}`;
  const addresses = Array.from({ length: 20 }, address);
  return {
    version: 1,
    kind: "ringcap-report",
    created: "2026-11-28T07:52:41.500000000+01:00",
    ringcap: "0.1.0",
    command: ["ringcap", "report", "capture.pcapng", "-o", "report.html"],
    anonymized: false,
    filter: "tcp or udp",
    files: [captureFile()],
    packets: {
      read: matched + 1312,
      matched,
      bytes,
      ipv4: matched - 40_211,
      ipv6: 40_211,
      notIp: 0,
      malformed: 3,
      byClass: totals,
    },
    span: { first: BEGINS, last: second(299), seconds: 299.4 },
    completeness: {
      dropped: 41_204,
      sampledOut: 69_777_693,
      rateLimited: 0,
      heldShare: 0.1163,
      cutPackets: sum(data),
      cutHeaders: 0,
      outOfOrder: 0,
      withoutTime: 0,
      marks: marks.filter(({ kind }) => kind === "sampling" || kind === "dropped"),
      sentences: [
        "The files hold 11.6 % of the packets that were captured: sampling left out 69,777,693, and 41,204 were lost.",
        "Rates are of what the files hold. While one packet in 16 was kept, the true rate was 16 times as high.",
      ],
    },
    verdict: {
      kind: "syn-flood",
      title: `SYN flood of ${TARGET} port 443, from spoofed sources`,
      confidence: 0.98,
      target: { address: TARGET, port: 443 },
      reflector: null,
      begins: second(7),
      ends: second(219),
      seconds: 212.7,
      peak: { time: second(44), packetsPerSecond: 409_812 },
      packets: flood,
      bytes: flood * 58,
      spoofed: {
        is: "yes",
        confidence: 0.97,
        reasons: [
          "99.6 % of the sources sent one packet only, and 371,000 new sources appeared each second.",
          "Sources are spread evenly over 223 of 224 first bytes, 5.7 % of them addresses that cannot be on the internet.",
          "Not one of 2,000 sampled sources tried its SYN again.",
        ],
      },
      reasons: [
        `96.9 % of all packets towards ${TARGET} are SYNs without data, at 380,000 a second where 90 were usual.`,
        "0.02 % of their handshakes were finished; of SYNs before it 99.1 % were.",
        "94.1 % of them have one and the same fingerprint.",
      ],
    },
    rates: {
      begins: BEGINS,
      intervalSeconds: 1,
      count,
      series,
      peak: { time: second(44), packetsPerSecond: 421_377, bitsPerSecond: 231_204_112 },
      marks,
    },
    spoofing: {
      about: { classes: ["syn"], destination: null },
      packets: flood,
      uniqueSources: { value: 71_204_551, error: 0.008 },
      sourcesByInterval: syn.map((packets) => Math.round(packets * 0.998)),
      newSourcesByInterval: syn.map((packets, index) => Math.round(packets * (isFlood(index) ? 0.981 : 0.3))),
      packetsPerSource: 1.07,
      entropy: {
        sources: { bits: 25.9, mostBits: 26.2 },
        sourcePorts: { bits: 15.98, mostBits: 16 },
        sequenceNumbers: { bits: 26.1, mostBits: 26.2 },
        ipIds: { bits: 0.2, mostBits: 16 },
      },
      firstBytes: Array.from({ length: 256 }, (_, byte) =>
        byte < 1 || byte > 223 ? 0 : Math.round(330_000 * (0.97 + 0.06 * draw())),
      ),
      bogons: [
        { block: "10.0.0.0/8", what: "private use", packets: 331_204 },
        { block: "127.0.0.0/8", what: "loopback", packets: 329_911 },
        { block: "192.168.0.0/16", what: "private use", packets: 1_294 },
      ],
      bogonShare: 0.0571,
      ttls: [
        { ttl: 243, packets: flood - 90_000, sources: { value: 71_100_000, error: 0.008 } },
        { ttl: 52, packets: 61_000, sources: { value: 712, error: 0 } },
        { ttl: 115, packets: 29_000, sources: { value: 391, error: 0 } },
      ],
      retransmittingShare: 0.0003,
      handshakes: { begun: flood, answered: Math.round(flood * 0.12), finished: 16_022, sampledOneIn: 1024 },
    },
    fingerprints: {
      packets: totals.syn.packets,
      unreadable: 0,
      distinct: 1_204,
      isExact: true,
      entries: [
        fingerprint(64_240, 0.941, totals.syn.packets, null),
        fingerprint(29_200, 0.031, totals.syn.packets, "Linux"),
        fingerprint(65_535, 0.012, totals.syn.packets, "Windows"),
      ],
    },
    top: {
      sources: {
        ...topList(addresses, matched, (index) => 0.0004 / (index + 1)),
        error: 812,
        distinct: { value: 71_205_112, error: 0.008 },
      },
      sourceNetworks: {
        ...topList(
          addresses.map((one) => `${one.replace(/\.\d+$/, ".0")}/24`),
          matched,
          (index) => 0.0006 / (index + 1),
        ),
        error: 812,
        distinct: { value: 14_202_771, error: 0.008 },
      },
      destinations: topList(
        [TARGET, "203.0.113.9", "2001:db8::7"],
        matched,
        (index) => [0.981, 0.014, 0.005][index] ?? 0,
      ),
      sourcePorts: topList(
        Array.from({ length: 20 }, (_, index) => String(1024 + 3011 * index)),
        matched,
        () => 0.00002,
      ),
      destinationPorts: topList(["443", "22", "53"], matched, (index) => [0.979, 0.011, 0.004][index] ?? 0),
      services: topList(
        [`${TARGET} 443`, "203.0.113.9 22", "2001:db8::7 443"],
        matched,
        (index) => [0.978, 0.011, 0.005][index] ?? 0,
      ),
    },
    victim: {
      synAcks: totals.synAck.packets,
      rsts: 0,
      replies: totals.synAck.packets + 1_204_118,
      retransmittedSyns: { value: 4_112, error: 0 },
      kernel: { listenOverflows: 71_204, cookiesSent: 9_412_110, halfOpen: 4096 },
    },
  };
}
