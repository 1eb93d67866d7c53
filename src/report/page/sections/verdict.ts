/** What happened, first of all: the verdict, what is known of it, and what it rests on. */
import type { Report } from "../../report.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import { SPOOFED_NAMES, VERDICT_NAMES, verdictSureness } from "../../words/names.ts";
import { compact, duration, packetRate, percent, sure, whole, withUnit } from "../../words/numbers.ts";
import { dayAndZone, timeOfDay } from "../../words/times.ts";
import { foreign } from "../foreign.ts";
import { html, type Markup, type Part } from "../html.ts";
import { facts, sentences } from "../table.ts";

/** Reasons are sentences of the analysis with addresses and names in them. */
const REASON_BYTES = 400;
const REASONS_AT_MOST = 10;

export function verdictHeader(report: Report): Markup {
  const { verdict } = report;
  const tone = verdict.kind === "none" ? "calm" : "alarm";
  return html`<header class="verdict ${tone}">
<p class="over"><strong>${VERDICT_NAMES[verdict.kind]}</strong> · ${verdictSureness(verdict)}</p>
<h1>${foreign(verdict.title)}</h1>
${facts(verdictFacts(report))}
<div class="columns">
<div><h2>What this rests on</h2>
${reasons(verdict.reasons)}</div>
${
  verdict.spoofed.reasons.length > 0 &&
  html`<div><h2>Are the sources spoofed?</h2>
<p><strong>${SPOOFED_NAMES[verdict.spoofed.is]}</strong></p>
${reasons(verdict.spoofed.reasons)}</div>`
}
</div>
</header>
`;
}

function verdictFacts(report: Report): (readonly [string, Part])[] {
  const { verdict, rates, span, packets } = report;
  const isFlood = verdict.kind !== "none";
  const begins = verdict.begins ?? span?.first ?? null;
  const ends = verdict.ends ?? span?.last ?? null;
  const seconds = verdict.seconds ?? span?.seconds ?? null;
  const { peak } = verdict.peak === null ? rates : verdict;
  const peakSeconds = verdict.peak === null ? 1 : Math.max(1, rates.intervalSeconds);
  const share = packets.matched > 0 ? verdict.packets / packets.matched : 0;
  return [
    ["Target", verdict.target && target(verdict.target)],
    [isFlood ? "Began" : "First packet", begins && moment(begins)],
    [isFlood ? "Ended" : "Last packet", ends && moment(ends)],
    ["Lasted", seconds !== null && duration(seconds)],
    [
      "Peak",
      peak &&
        html`${packetRate(peak.packetsPerSecond)} <small>in the ${peakSeconds === 1 ? "second" : duration(peakSeconds)} from ${timeOfDay(peak.time)}</small>`,
    ],
    isFlood
      ? [
          "Packets of it",
          html`${whole(verdict.packets)} <small>${percent(share)} of all, ${withUnit(verdict.bytes, "B")}</small>`,
        ]
      : ["Packets", html`${whole(packets.matched)} <small>${withUnit(packets.bytes, "B")}</small>`],
    ["Spoofed sources", isFlood && spoofed(verdict)],
    [
      "Reflected by",
      verdict.reflector && html`${foreign(verdict.reflector.service)} <small>port ${verdict.reflector.port}</small>`,
    ],
    ["Capture holds", heldText(report)],
  ];
}

function target({ address, port }: NonNullable<Verdict["target"]>): Markup {
  return html`${foreign(address)} <small>${port !== null && `port ${port}`}</small>`;
}

function moment(time: string): Markup {
  return html`${timeOfDay(time)} <small>${dayAndZone(time)}</small>`;
}

function spoofed({ spoofed: { is, confidence } }: Verdict): Markup {
  return html`${SPOOFED_NAMES[is]} <small>${is !== "unknown" && sure(confidence)}</small>`;
}

function heldText({ completeness }: Report): Part {
  const { heldShare, dropped, sampledOut, rateLimited } = completeness;
  if (heldShare === null) return html`not known <small>no file tells its losses</small>`;
  const missing = [
    [dropped, "lost"],
    [sampledOut, "sampled out"],
    [rateLimited, "rate-limited"],
  ] as const;
  const named = missing.flatMap(([count, what]) => (count !== null && count > 0 ? [`${compact(count)} ${what}`] : []));
  return html`${percent(heldShare)} <small>${named.length === 0 ? "of all packets" : named.join(", ")}</small>`;
}

function reasons(list: readonly string[]): Part {
  if (list.length === 0) return html`<p>Nothing was found that speaks against it.</p>`;
  return sentences(list.slice(0, REASONS_AT_MOST).map((reason) => foreign(reason, REASON_BYTES)));
}
