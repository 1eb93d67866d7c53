/** Reports as an analysis makes them: a SYN flood from made-up sources, a quiet capture, and one that is as large and as hostile as can be. */
import type { FileFacts } from "../../src/report/completeness/completeness.ts";
import type { FingerprintEntry } from "../../src/report/fingerprints/fingerprint-report.ts";
import type { Report, TopEntry, TopList } from "../../src/report/report.ts";
import { type Amount, PACKET_CLASSES, type PacketClass, type RateMark } from "../../src/report/values.ts";
import { random } from "./random.ts";

const BEGINS = "2026-11-28T07:40:02.000000000+01:00";
const TARGET = "203.0.113.7";
const LARGEST = Number.MAX_SAFE_INTEGER;

function second(index: number): string {
  const at = new Date(Date.parse("2026-11-28T07:40:02Z") + index * 1000);
  return `${at.toISOString().slice(0, -1)}000000+01:00`;
}

function amount(packets: number, bytesEach: number): Amount {
  return { packets, bytes: packets * bytesEach };
}

function byClass(amounts: Partial<Record<PacketClass, Amount>>): Record<PacketClass, Amount> {
  const empty = PACKET_CLASSES.map((name) => [name, { packets: 0, bytes: 0 }]);
  return { ...Object.fromEntries(empty), ...amounts };
}

function topList(keys: readonly string[], total: number, share: (index: number) => number): TopList {
  const entries = keys.map((key, index): TopEntry => {
    const packets = Math.round(total * share(index));
    return { key, packets, bytes: packets * 60, share: share(index) };
  });
  const first = entries[0]?.share ?? 0;
  return { entries, error: 0, distinct: { value: keys.length, error: 0 }, hasDominant: first > 0.05 };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function captureFile(): FileFacts {
  return {
    name: "/var/lib/ringcap/20261128T064009Z-20000-s/capture.pcapng",
    bytes: 812_345_678,
    sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    format: "pcapng",
    compression: null,
    packets: 9_184_220,
    first: BEGINS,
    last: second(299),
    hardware: "x86_64",
    os: "Linux 6.12.9",
    application: "ringcap 0.1.0",
    comments: ["watch: 20000/s on eth0"],
    interfaces: [
      {
        name: "eth0",
        description: "xdp-native in",
        filter: "tcp",
        linkType: 1,
        linkTypeName: "EN10MB",
        snapshotLength: 128,
        received: 80_101_233,
        dropped: null,
        filterAccepted: 79_003_117,
        osDropped: 41_204,
        delivered: 9_184_220,
      },
    ],
    fault: null,
  };
}

function fingerprint(window: number, share: number, total: number, label: string | null): FingerprintEntry {
  const packets = Math.round(total * share);
  const filter = `tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn and ip[8] <= 64 and tcp[14:2] = ${window} and tcp[12] & 0xf0 = 0x60`;
  return {
    tuple: `4:64:0:1460:${window},0:mss:df:0`,
    packets,
    error: 0,
    bytes: packets * 58,
    share,
    fields: {
      ipVersion: 4,
      ttl: 64,
      lowestTtl: 41,
      highestTtl: 63,
      window,
      mss: 1460,
      scale: label === null ? null : 7,
      options: label === null ? ["mss"] : ["mss", "sok", "ts", "nop", "ws"],
      isCut: false,
      vlanTags: 0,
      dontFragment: true,
      quirks: ["df"],
    },
    label,
    legitimateShare: label === null ? 0.0004 : 0.97,
    legitimateError: 0.003,
    attempts: 2048,
    filters: {
      ringcap: `--tcp-flags syn,!ack '${filter}'`,
      expression: filter,
      displayFilter: `tcp.flags.syn == 1 && tcp.flags.ack == 0 && ip.ttl <= 64 && tcp.window_size_value == ${window} && tcp.options.mss_val == 1460`,
    },
  };
}

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

/** Markup, scripts, quotes, escape sequences, bidirectional controls and lines of one's own, in the fewest characters. */
export const HOSTILE =
  "\"'><script>window.__pwned=1</script><img src=x onerror=window.__pwned=2></style><svg onload='__pwned=3'>`$x`]]>&amp;javascript:\u001b[2J\u001b]0;owned\u0007\u009b31m\u202e\u2066\u200b\ud800\n::error::owned\r\n-->\u0000";

/** Everything as large as the contract lets it be, and every text hostile and long. */
export function hostileReport(text = `${HOSTILE}${"&<\u202e".repeat(300)}`): Report {
  const flood = synFloodReport();
  const draw = random(17);
  const count = 600;
  const numbers = () => Array.from({ length: count }, () => Math.floor(10 ** (15 * draw())));
  const amounts = byClass(
    Object.fromEntries(PACKET_CLASSES.map((name) => [name, { packets: LARGEST, bytes: LARGEST }])),
  );
  const entries = Array.from(
    { length: 20 },
    (_, index): TopEntry => ({
      key: `${index}${text}`,
      packets: LARGEST,
      bytes: LARGEST,
      share: 1 / 3,
      asn: text,
      country: text,
    }),
  );
  const list: TopList = { entries, error: LARGEST, distinct: { value: LARGEST, error: 0.0081 }, hasDominant: true };
  const filter = `${text.slice(0, HOSTILE.length)}${" or tcp[14:2] = 65535".repeat(40)}`;
  const kinds = ["trigger", "ended", "dropped", "sampling"] as const;
  const mark = (index: number): RateMark => ({ time: second(index * 2.9), kind: kinds[index % 4] ?? "trigger", text });
  const marks = Array.from({ length: 200 }, (_, index) => mark(index));
  const file: FileFacts = {
    ...captureFile(),
    name: text,
    compression: "gzip",
    hardware: text,
    os: text,
    application: text,
    comments: Array.from({ length: 10 }, () => text),
    interfaces: Array.from({ length: 30 }, () => ({
      ...{ name: text, description: text, filter: text, linkType: 65_535, linkTypeName: text, snapshotLength: LARGEST },
      ...{ received: LARGEST, dropped: LARGEST, filterAccepted: LARGEST, osDropped: LARGEST, delivered: LARGEST },
    })),
    fault: text,
  };
  return {
    ...flood,
    ringcap: text,
    command: ["ringcap", "report", ...Array.from({ length: 1000 }, () => text.slice(0, 200))],
    anonymized: true,
    filter: text,
    files: Array.from({ length: 60 }, () => file),
    packets: { ...flood.packets, matched: LARGEST, byClass: amounts },
    completeness: { ...flood.completeness, marks, sentences: Array.from({ length: 100 }, () => text) },
    verdict: {
      ...flood.verdict,
      title: text,
      target: { address: text, port: 443 },
      reflector: { service: text, port: 53 },
      spoofed: { is: "likely", confidence: 0.7, reasons: Array.from({ length: 100 }, () => text) },
      reasons: Array.from({ length: 100 }, () => text),
    },
    rates: {
      ...flood.rates,
      count,
      series: PACKET_CLASSES.map((name) => ({ class: name, packets: numbers(), bytes: numbers() })),
      marks,
    },
    spoofing: {
      ...flood.spoofing,
      sourcesByInterval: numbers(),
      newSourcesByInterval: numbers(),
      firstBytes: Array.from({ length: 256 }, () => Math.floor(10 ** (15 * draw()))),
      bogons: Array.from({ length: 100 }, () => ({ block: text, what: text, packets: LARGEST })),
      ttls: Array.from({ length: 20 }, (_, ttl) => ({
        ttl,
        packets: LARGEST,
        sources: { value: LARGEST, error: 0.0081 },
      })),
    },
    fingerprints: {
      packets: LARGEST,
      unreadable: LARGEST,
      distinct: LARGEST,
      isExact: false,
      entries: Array.from({ length: 10 }, () => ({
        ...fingerprint(65_535, 1 / 3, LARGEST, text),
        tuple: text,
        filters: { ringcap: filter, expression: filter, displayFilter: filter },
      })),
    },
    top: {
      sources: list,
      sourceNetworks: list,
      destinations: list,
      sourcePorts: list,
      destinationPorts: list,
      services: list,
    },
  };
}
