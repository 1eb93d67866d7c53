import type { Report, TopList } from "../report.ts";
import { certainEntries } from "../tops/certain-entries.ts";
import { clipped } from "../words/clipped.ts";
import { counted, estimated, percent, whole, withUnit } from "../words/numbers.ts";
import type { Paragraph } from "./sheet.ts";

const ROWS_AT_MOST = 5;
const KEY_CHARACTERS = 48;

export function topLines({ top }: Report): Paragraph[] {
  return [
    ...topList("Sources", "source", top.sources),
    ...topList("Source networks", "source network", top.sourceNetworks),
    ...topList("Destinations and their ports", "destination", top.services),
    ...topList("Source ports", "source port", top.sourcePorts),
  ];
}

function topList(title: string, noun: string, list: TopList): Paragraph[] {
  const { error, distinct, hasDominant } = list;
  if (list.entries.length === 0) return [];
  const { entries, others } = certainEntries(list);
  const dominance = hasDominant || distinct.value <= list.entries.length ? "" : `, no dominant ${noun}`;
  const rows = entries
    .slice(0, ROWS_AT_MOST)
    .map(({ key, packets, share, bytes, asn, country }) => [
      clipped([key, asn, country].filter((one) => one !== undefined).join(" "), KEY_CHARACTERS),
      whole(packets),
      percent(share),
      withUnit(bytes, "B"),
    ]);
  const paragraphs: Paragraph[] = [
    { heading: `${title}: ${estimated(distinct)} different${dominance}` },
    ...(rows.length > 0 ? [{ table: [["", "PACKETS", "SHARE", "BYTES"], ...rows] }] : []),
  ];
  if (error > 0) paragraphs.push({ text: `Counts may be too high by ${counted(error, "packet")} at most.` });
  if (others !== null) paragraphs.push({ text: `No other ${noun} has more than ${counted(others, "packet")}.` });
  return paragraphs;
}
