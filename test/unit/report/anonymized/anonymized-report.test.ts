import { expect, test } from "vitest";
import { anonymizeReport } from "../../../../src/report/anonymized/anonymized-report.ts";
import type { Report, TopList } from "../../../../src/report/report.ts";
import { PACKET_CLASSES, type PacketClass } from "../../../../src/report/values.ts";
import { sampleAnonymizer } from "../../../support/anonymized.ts";

const V4 = "203.0.113.7";
const V6 = "2001:db8::7";
const NAME = "/home/alice/flood.pcapng";
const SECRETS = [
  V4,
  V6,
  "203.0.113.0",
  "alice",
  "eth7",
  "uplink",
  "a cpu",
  "an os",
  "dumpcap",
  "a remark",
  "64496",
  "ZZ",
];

const list = (key: string): TopList => ({
  entries: [{ key, packets: 1, bytes: 60, share: 1, asn: "AS64496", country: "ZZ" }],
  error: 0,
  distinct: { value: 1, error: 0 },
  hasDominant: true,
});
const entropy = { bits: 0, mostBits: 0 };
const nothing = { packets: 0, bytes: 0 };
const marks = [
  { time: "2026-11-28T07:40:09.123456789+01:00", kind: "trigger", text: `a flood of ${V4}: 9 packets` },
] as const;

const REPORT: Report = {
  version: 1,
  kind: "ringcap-report",
  created: "2026-11-28T08:40:09.123456789+01:00",
  ringcap: "0.1.0",
  command: ["ringcap", "report", NAME, "host", V4],
  anonymized: false,
  filter: `host ${V4}`,
  files: [
    {
      name: NAME,
      bytes: 1,
      sha256: "00",
      format: "pcapng",
      compression: null,
      packets: 1,
      first: null,
      last: null,
      hardware: "a cpu",
      os: "an os",
      application: "dumpcap",
      comments: ["a remark"],
      interfaces: [
        {
          name: "eth7",
          description: "the uplink",
          filter: `host ${V4}`,
          linkType: 1,
          linkTypeName: "EN10MB",
          snapshotLength: 0,
          received: null,
          dropped: null,
          filterAccepted: null,
          osDropped: null,
          delivered: null,
        },
      ],
      fault: `${NAME}: it ends within a packet`,
    },
  ],
  packets: {
    read: 1,
    matched: 1,
    bytes: 60,
    ipv4: 1,
    ipv6: 0,
    notIp: 0,
    malformed: 0,
    byClass: Object.fromEntries(PACKET_CLASSES.map((name) => [name, nothing])) as Record<PacketClass, typeof nothing>,
  },
  span: null,
  completeness: {
    dropped: null,
    sampledOut: null,
    rateLimited: null,
    heldShare: null,
    cutPackets: 0,
    cutHeaders: 0,
    outOfOrder: 0,
    withoutTime: 0,
    marks,
    sentences: [],
  },
  verdict: {
    kind: "syn-flood",
    title: `SYN flood of ${V4} port 443, from spoofed sources`,
    confidence: 1,
    target: { address: V4, port: 443 },
    reflector: null,
    begins: null,
    ends: null,
    seconds: null,
    peak: null,
    packets: 1,
    bytes: 60,
    spoofed: { is: "yes", confidence: 1, reasons: [`${V6}: 12.5 % of 1000 sources are in 10.0.0.0/8.`] },
    reasons: [`${V4} received 9 SYNs.`],
  },
  rates: { begins: null, intervalSeconds: 1, count: 0, series: [], peak: null, marks },
  spoofing: {
    about: { classes: ["syn"], destination: V4 },
    packets: 1,
    uniqueSources: { value: 1, error: 0 },
    sourcesByInterval: [],
    newSourcesByInterval: [],
    packetsPerSource: 1,
    entropy: { sources: entropy, sourcePorts: entropy, sequenceNumbers: entropy, ipIds: entropy },
    firstBytes: Array.from({ length: 256 }, (_, byte) => (byte === 10 ? 125 : byte === 127 ? 7 : byte === 203 ? 1 : 0)),
    bogons: [{ block: "10.0.0.0/8", what: "private", packets: 125 }],
    bogonShare: 0.125,
    ttls: [],
    retransmittingShare: null,
    handshakes: null,
  },
  fingerprints: { packets: 0, unreadable: 0, distinct: 0, isExact: true, entries: [] },
  top: {
    sources: list(V6),
    sourceNetworks: list("203.0.113.0/24"),
    destinations: list(V4),
    sourcePorts: list("443"),
    destinationPorts: list("443"),
    services: list(`${V4} 443`),
  },
  victim: null,
};

test("an anonymized report holds no address, name or command of the original", () => {
  const text = JSON.stringify(anonymizeReport(REPORT, sampleAnonymizer()));
  for (const secret of SECRETS) expect(text, secret).not.toContain(secret);
});

test("an anonymized report has the addresses that a capture with the same key has", () => {
  const anonymizer = sampleAnonymizer();
  const { anonymized, filter, files, verdict, top, spoofing } = anonymizeReport(REPORT, anonymizer);
  const mapped = anonymizer.address(V4);
  expect(anonymized).toBe(true);
  expect(filter).toMatch(/left out/);
  expect(files[0]?.fault).toBe("file 1: it ends within a packet");
  expect(verdict.title).toBe(`SYN flood of ${mapped} port 443, from spoofed sources`);
  expect(verdict.target).toEqual({ address: mapped, port: 443 });
  expect(verdict.spoofed.reasons).toEqual([`${anonymizer.address(V6)}: 12.5 % of 1000 sources are in 10.0.0.0/8.`]);
  expect(top.services.entries[0]).toEqual({ key: `${mapped} 443`, packets: 1, bytes: 60, share: 1 });
  expect(top.sourceNetworks.entries[0]?.key).toBe(anonymizer.network("203.0.113.0/24"));
  const firstByte = (address: string) => Number(anonymizer.address(address).split(".")[0]);
  expect(spoofing.firstBytes[firstByte("10.1.2.3")]).toBe(125);
  expect(spoofing.firstBytes[127]).toBe(7);
  expect(spoofing.firstBytes[firstByte(V4)]).toBe(1);
});

test("entries with as many packets are not in the order of their original addresses", () => {
  const anonymizer = sampleAnonymizer();
  const keys = Array.from({ length: 20 }, (_, index) => `${index + 1}.2.3.4`);
  const entries = keys.map((key) => ({ key, packets: 1, bytes: 60, share: 0.05 }));
  const { top } = anonymizeReport({ ...REPORT, top: { ...REPORT.top, sources: { ...list(V4), entries } } }, anonymizer);
  const mapped = keys.map((key) => anonymizer.address(key));
  expect(top.sources.entries.map(({ key }) => key)).toEqual(mapped.toSorted());
  expect(mapped).not.toEqual(mapped.toSorted());
});
