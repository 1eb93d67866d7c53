/** The heaviest sources, networks, destinations and ports. */
import type { Report, TopList } from "../../report.ts";
import { certainEntries } from "../../tops/certain-entries.ts";
import { counted, estimated, whole, withUnit } from "../../words/numbers.ts";
import { foreign } from "../foreign.ts";
import { html, type Markup, type Part } from "../html.ts";
import { section, shareCell, table } from "../table.ts";

/** Where no key stands out, the first ones are chance. */
const ROWS_WITHOUT_DOMINANT = 5;
/** A key of this share is worth its row, dominant or not. */
const WORTHY_SHARE = 0.01;

const ROWS_AT_MOST = 10;
/** The longest key is an IPv6 address with a port, of 45 characters. */
const KEY_BYTES = 48;
const ORIGIN_BYTES = 40;

export function topsSection({ top }: Report): Markup {
  const lists = [
    topTable("Sources", "source", top.sources),
    topTable("Source networks (/24 and /48)", "source network", top.sourceNetworks),
    topTable("Destinations", "destination", top.destinations),
    topTable("Destinations and their ports", "service", top.services),
    topTable("Source ports", "source port", top.sourcePorts),
    topTable("Destination ports", "destination port", top.destinationPorts),
  ];
  return section("top", "Top tables", html`<div class="columns">${lists}</div>`);
}

function topTable(title: string, noun: string, list: TopList): Part {
  const { error, distinct, hasDominant } = list;
  if (list.entries.length === 0) return null;
  const { entries, others } = certainEntries(list);
  const shown = entries
    .filter(({ share }, index) => hasDominant || index < ROWS_WITHOUT_DOMINANT || share >= WORTHY_SHARE)
    .slice(0, ROWS_AT_MOST);
  const hasOrigin = entries.some(({ asn, country }) => asn !== undefined || country !== undefined);
  const rows = shown.map(({ key, packets, bytes, share, asn, country }): Part[] => [
    foreign(key, KEY_BYTES),
    whole(packets),
    shareCell(share),
    withUnit(bytes, "B"),
    ...(hasOrigin ? [foreign([asn, country].filter((one) => one !== undefined).join(", "), ORIGIN_BYTES)] : []),
  ]);
  const columns = [
    { title: "Key" },
    ...["Packets", "Share", "Bytes"].map((one) => ({ title: one, isNumber: true })),
    ...(hasOrigin ? [{ title: "Origin" }] : []),
  ];
  const notes = [
    `${estimated(distinct)} different.`,
    hasDominant || distinct.value <= list.entries.length ? "" : `No dominant ${noun}.`,
    error > 0 ? `Counts may be too high by ${counted(error, "packet")} at most.` : "",
    others === null ? "" : `No other ${noun} has more than ${counted(others, "packet")}.`,
  ];
  return html`<div>${table(title, columns, rows, notes.filter((note) => note !== "").join(" "))}</div>`;
}
