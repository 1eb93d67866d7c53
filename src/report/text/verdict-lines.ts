import type { Report } from "../report.ts";
import { clipped } from "../words/clipped.ts";
import { SPOOFED_NAMES, targetName, VERDICT_NAMES, verdictSureness } from "../words/names.ts";
import { duration, packetRate, percent, sure, whole, withUnit } from "../words/numbers.ts";
import { shownTime } from "../words/times.ts";
import type { Fact, Paragraph } from "./sheet.ts";

const REASON_CHARACTERS = 400;
const REASONS_AT_MOST = 10;

export function verdictLines(report: Report): Paragraph[] {
  const { verdict } = report;
  const isFlood = verdict.kind !== "none";
  const { spoofed } = verdict;
  const name = VERDICT_NAMES[verdict.kind];
  return [
    { heading: `${name.charAt(0).toUpperCase()}${name.slice(1)}, ${verdictSureness(verdict)}` },
    { text: clipped(verdict.title, REASON_CHARACTERS), tone: isFlood ? "alarm" : "calm" },
    ...(report.anonymized ? [{ text: "Addresses are replaced by others (anonymized)." }] : []),
    { facts: verdictFacts(report, isFlood) },
    ...reasons("What this rests on", verdict.reasons),
    ...reasons(
      `Are the sources spoofed? ${SPOOFED_NAMES[spoofed.is]}${spoofed.is === "unknown" ? "" : `, ${sure(spoofed.confidence)}`}`,
      spoofed.reasons,
    ),
  ];
}

function verdictFacts({ verdict, rates, span, packets, completeness }: Report, isFlood: boolean): Fact[] {
  const begins = verdict.begins ?? span?.first;
  const ends = verdict.ends ?? span?.last;
  const seconds = verdict.seconds ?? span?.seconds;
  const peak = verdict.peak ?? rates.peak;
  const share = packets.matched > 0 ? verdict.packets / packets.matched : 0;
  const { heldShare, dropped } = completeness;
  return [
    ["Target", verdict.target && clipped(targetName(verdict), REASON_CHARACTERS)],
    ["Reflected by", verdict.reflector && `${verdict.reflector.service}, port ${verdict.reflector.port}`],
    [isFlood ? "Began" : "First packet", begins && shownTime(begins)],
    [isFlood ? "Ended" : "Last packet", ends && shownTime(ends)],
    ["Lasted", seconds !== undefined && duration(seconds)],
    ["Peak", peak && `${packetRate(peak.packetsPerSecond)} at ${shownTime(peak.time, 0)}`],
    isFlood
      ? ["Packets of it", `${whole(verdict.packets)}, ${percent(share)} of all, ${withUnit(verdict.bytes, "B")}`]
      : ["Packets", `${whole(packets.matched)}, ${withUnit(packets.bytes, "B")}`],
    ["Capture holds", heldShare === null ? "not known" : `${percent(heldShare)} of all packets${lostText(dropped)}`],
  ];
}

function lostText(dropped: number | null): string {
  return dropped === null ? "" : `, ${whole(dropped)} ${dropped === 1 ? "was" : "were"} lost`;
}

function reasons(heading: string, list: readonly string[]): Paragraph[] {
  if (list.length === 0) return [];
  const shown = list.slice(0, REASONS_AT_MOST);
  return [{ heading }, ...shown.map((reason) => ({ text: `- ${clipped(reason, REASON_CHARACTERS)}` }))];
}
