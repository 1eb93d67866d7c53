/** A report that may be given to others: see docs/anonymize.md. */
import type { Anonymizer } from "../../anonymize/index.ts";
import type { FileFacts } from "../completeness/completeness.ts";
import type { Report, TopEntry, TopList, Tops } from "../report.ts";
import type { RateMark } from "../values.ts";
import { AddressText } from "./address-text.ts";

const FIRST_BYTES = 256;
/** What follows the first byte of an address that stands for all with this byte, of which no rule says that it stays. */
const ANY_HOST = 0x01_01_01;

/**
 * Replaces every address in a report. What may name hosts or people is left out: the command line, the filter, the names
 * of files, and all that the files say of where they are from. The blocks of addresses that cannot be on the internet stay.
 */
export function anonymizeReport(report: Report, anonymizer: Anonymizer): Report {
  const addresses = new AddressText(
    anonymizer,
    report.spoofing.bogons.map(({ block }) => block),
  );
  const text = (original: string) => addresses.replace(original);
  const marks = (original: readonly RateMark[]) => original.map((mark) => ({ ...mark, text: text(mark.text) }));
  const { verdict, completeness, rates, spoofing } = report;
  return {
    ...report,
    command: [],
    anonymized: true,
    filter: report.filter === null ? null : "a filter, which may hold addresses and is left out",
    files: report.files.map((file, index) => withoutOrigin(file, `file ${index + 1}`, text)),
    completeness: {
      ...completeness,
      marks: marks(completeness.marks),
      sentences: completeness.sentences.map(text),
    },
    verdict: {
      ...verdict,
      title: text(verdict.title),
      target: verdict.target && { ...verdict.target, address: addresses.replace(verdict.target.address) },
      spoofed: { ...verdict.spoofed, reasons: verdict.spoofed.reasons.map(text) },
      reasons: verdict.reasons.map(text),
    },
    rates: { ...rates, marks: marks(rates.marks) },
    spoofing: {
      ...spoofing,
      about: { ...spoofing.about, destination: spoofing.about.destination && text(spoofing.about.destination) },
      firstBytes: mappedFirstBytes(spoofing.firstBytes, anonymizer),
    },
    top: mappedTops(report.top, addresses),
  };
}

function withoutOrigin(file: FileFacts, name: string, text: (original: string) => string): FileFacts {
  const { interfaces, fault } = file;
  return {
    ...file,
    name,
    hardware: "",
    os: "",
    application: "",
    comments: [],
    interfaces: interfaces.map((described) => ({ ...described, name: null, description: null, filter: null })),
    fault: fault && text(fault.replaceAll(file.name, name)),
  };
}

/** The counts of the first bytes of addresses under the bytes that they are mapped to. */
function mappedFirstBytes(counts: readonly number[], anonymizer: Anonymizer): number[] {
  const mapped = new Array<number>(FIRST_BYTES).fill(0);
  for (const [byte, count] of counts.entries()) {
    const other = anonymizer.ipv4(((byte << 24) | ANY_HOST) >>> 0) >>> 24;
    mapped[other] = (mapped[other] ?? 0) + count;
  }
  return mapped;
}

/** The owner and the country of an address would tell a part of it. */
function mappedTops(tops: Tops, addresses: AddressText): Tops {
  const entry = ({ asn: _asn, country: _country, ...known }: TopEntry): TopEntry => ({
    ...known,
    key: addresses.replace(known.key),
  });
  // Entries with as many packets may be in the order of their addresses, which would tell how these begin.
  const byPackets = (a: TopEntry, b: TopEntry) => b.packets - a.packets || (a.key < b.key ? -1 : 1);
  const list = (original: TopList): TopList => ({
    ...original,
    entries: original.entries.map(entry).toSorted(byPackets),
  });
  return {
    sources: list(tops.sources),
    sourceNetworks: list(tops.sourceNetworks),
    destinations: list(tops.destinations),
    sourcePorts: list(tops.sourcePorts),
    destinationPorts: list(tops.destinationPorts),
    services: list(tops.services),
  };
}
