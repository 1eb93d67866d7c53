/** A report that is as large and as hostile as can be. */
import type { FileFacts } from "../../../src/report/completeness/completeness.ts";
import type { Report, TopEntry, TopList } from "../../../src/report/report.ts";
import { PACKET_CLASSES, type RateMark } from "../../../src/report/values.ts";
import { random } from "../random.ts";
import { byClass, captureFile, fingerprint, LARGEST, second } from "./parts.ts";
import { synFloodReport } from "./syn-flood.ts";

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
