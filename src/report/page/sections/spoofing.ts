/** The evidence for and against spoofed sources: numbers, each with what it says, and charts. */
import type { Report } from "../../report.ts";
import type { Entropy, SpoofingReport } from "../../spoofing/spoofing-report.ts";
import { aboutName } from "../../words/names.ts";
import { compact, estimated, percent, whole } from "../../words/numbers.ts";
import { firstByteChart } from "../charts/first-byte-chart.ts";
import { largestOf } from "../charts/steps.ts";
import { TimeAxis } from "../charts/time-axis.ts";
import { timeChart } from "../charts/time-chart.ts";
import { foreign } from "../foreign.ts";
import { html, type Markup, type Part } from "../html.ts";
import { bar, section, shareCell, table } from "../table.ts";

const SOURCES_HEIGHT = 120;
const BOGONS_AT_MOST = 20;

export function spoofingSection(report: Report): Markup {
  const { spoofing } = report;
  if (spoofing.packets === 0) return section("spoofing", "Evidence of spoofing", html`<p>There are no packets.</p>`);
  return section(
    "spoofing",
    "Evidence of spoofing",
    html`<p>It is about ${whole(spoofing.packets)} ${foreign(aboutName(spoofing))}.</p>`,
    evidenceTable(spoofing),
    sourcesChart(report),
    spoofing.firstBytes.some((count) => count > 0) && firstByteChart(spoofing.firstBytes),
    html`<div class="columns">${entropyTable(spoofing)}${ttlTable(spoofing)}</div>`,
    bogonTable(spoofing),
  );
}

function evidenceTable(spoofing: SpoofingReport): Markup {
  const { handshakes, retransmittingShare, bogonShare } = spoofing;
  const rows: Part[][] = [
    [
      "Different sources",
      estimated(spoofing.uniqueSources),
      `${compact(spoofing.packetsPerSource)} ${spoofing.packetsPerSource === 1 ? "packet" : "packets"} from each on average. Made-up sources seldom come twice.`,
    ],
    [
      "Impossible sources",
      percent(bogonShare),
      "Packets from addresses that cannot be on the internet. Real senders have none.",
    ],
  ];
  if (retransmittingShare !== null) {
    rows.push([
      "Attempts tried again",
      percent(retransmittingShare),
      "Attempts to connect, whatever their target, of which the SYN came again after 0.8 s or later, as real stacks send it when no answer comes.",
    ]);
  }
  if (handshakes !== null) {
    rows.push([
      "Finished handshakes",
      `${whole(handshakes.finished)} of ${whole(handshakes.begun)}`,
      `Of all attempts to connect${sampled(handshakes.sampledOneIn)}; ${whole(handshakes.answered)} were answered. Who spoofs never sees an answer, and cannot finish.`,
    ]);
  }
  return table("Evidence", [{ title: "What" }, { title: "Found", isNumber: true }, { title: "What it says" }], rows);
}

function sampled(oneIn: number): string {
  return oneIn === 1 ? "" : `, estimated from one in ${whole(oneIn)}`;
}

function sourcesChart({ rates, spoofing }: Report): Part {
  if (rates.begins === null || rates.count === 0) return null;
  const most = largestOf(spoofing.sourcesByInterval);
  return timeChart({
    id: "sources",
    title: "Sources in each interval, and those that were seen for the first time",
    description: `Two lines. At most ${whole(most)} sources were seen in one interval.`,
    unit: "sources",
    axis: new TimeAxis(rates),
    height: SOURCES_HEIGHT,
    lines: [
      { style: "seen", name: "seen", values: spoofing.sourcesByInterval },
      { style: "new", name: "new", values: spoofing.newSourcesByInterval },
    ],
    marks: [],
    hasLegend: true,
  });
}

function entropyTable({ entropy }: SpoofingReport): Markup {
  const names = [
    ["Sources", entropy.sources],
    ["Source ports", entropy.sourcePorts],
    ["TCP sequence numbers", entropy.sequenceNumbers],
    ["IP identifications", entropy.ipIds],
  ] as const;
  const rows = names.map(([name, { bits, mostBits }]: readonly [string, Entropy]): Part[] => [
    name,
    html`${bits.toFixed(1)} of ${mostBits.toFixed(1)} bits${bar(mostBits > 0 ? bits / mostBits : 0)}`,
  ]);
  return table(
    "Entropy, and the most that can be counted of so many packets",
    [{ title: "Of" }, { title: "Entropy", isNumber: true }],
    rows,
  );
}

function ttlTable({ ttls, packets }: SpoofingReport): Markup {
  const rows = ttls.map(({ ttl, packets: count, sources }): Part[] => [
    ttl,
    whole(count),
    shareCell(packets > 0 ? count / packets : 0),
    estimated(sources),
  ]);
  const numbers = ["Packets", "Share", "Sources"].map((title) => ({ title, isNumber: true }));
  return table("Time to live on arrival", [{ title: "TTL" }, ...numbers], rows);
}

function bogonTable({ bogons, packets }: SpoofingReport): Part {
  if (bogons.length === 0) return null;
  const rows = bogons
    .slice(0, BOGONS_AT_MOST)
    .map(({ block, what, packets: count }): Part[] => [
      foreign(block),
      foreign(what),
      whole(count),
      shareCell(packets > 0 ? count / packets : 0),
    ]);
  return table(
    "Packets from addresses that cannot be on the internet",
    [
      { title: "Block" },
      { title: "What it is for" },
      ...["Packets", "Share"].map((title) => ({ title, isNumber: true })),
    ],
    rows,
  );
}
