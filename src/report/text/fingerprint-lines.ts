import type { FingerprintEntry } from "../fingerprints/fingerprint-report.ts";
import type { Report } from "../report.ts";
import { clipped } from "../words/clipped.ts";
import { counted, percent, whole } from "../words/numbers.ts";
import type { Paragraph } from "./sheet.ts";

const ENTRIES_AT_MOST = 3;
const TUPLE_CHARACTERS = 120;

export function fingerprintLines({ fingerprints }: Report): Paragraph[] {
  const { packets, distinct, isExact, entries } = fingerprints;
  if (packets === 0) return [];
  const count = `${isExact ? "" : "at least "}${whole(distinct)} different`;
  return [
    { heading: `Fingerprints of ${counted(packets, "SYN")}: ${count}` },
    ...entries.slice(0, ENTRIES_AT_MOST).flatMap(entryLines),
  ];
}

function entryLines(entry: FingerprintEntry): Paragraph[] {
  const { share, tuple, label, filters } = entry;
  const looks = label === null ? "" : `, looks like ${clipped(label, TUPLE_CHARACTERS)}`;
  const title: Paragraph = { text: `${percent(share)} ${clipped(tuple, TUPLE_CHARACTERS)}${looks}`, tone: "strong" };
  const cost: Paragraph = { text: `A block costs: ${blockCost(entry)}` };
  if (filters === null) return [title, cost];
  return [
    title,
    cost,
    { verbatim: `ringcap ${filters.ringcap}` },
    { verbatim: `tcpdump: ${filters.expression}` },
    { verbatim: `Wireshark: ${filters.displayFilter}` },
  ];
}

function blockCost({ attempts, legitimateShare, legitimateError }: FingerprintEntry): string {
  if (attempts === 0) return "not known, because no attempt to connect was sampled.";
  const error = legitimateError > 0 ? ` (±${percent(legitimateError)})` : "";
  return `${percent(legitimateShare)}${error} of its SYNs look legitimate, by ${counted(attempts, "attempt")} to connect.`;
}
