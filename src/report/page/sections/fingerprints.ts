/** What SYNs have in common, the filters that choose them, and what a block of them would cost. */
import type { FingerprintEntry } from "../../fingerprints/fingerprint-report.ts";
import type { Report } from "../../report.ts";
import { compact, counted, percent, whole, withUnit } from "../../words/numbers.ts";
import { copyable } from "../copyable.ts";
import { foreign, foreignCode } from "../foreign.ts";
import { html, type Markup, type Part } from "../html.ts";
import { facts, section } from "../table.ts";

export function fingerprintsSection({ fingerprints }: Report): Markup {
  const { packets, unreadable, distinct, isExact, entries } = fingerprints;
  const title = "Fingerprints of SYNs";
  if (packets === 0) return section("fingerprints", title, html`<p>There are no SYNs.</p>`);
  const count = `${isExact ? "" : "at least "}${counted(distinct, "different fingerprint")}`;
  return section(
    "fingerprints",
    title,
    html`<p>${counted(packets, "SYN")} with ${count}.${unreadable > 0 && ` Of ${whole(unreadable)} too little was captured, or their lengths contradict each other.`} Each filter chooses exactly the packets of its fingerprint.</p>`,
    entries.map(fingerprintArticle),
  );
}

function fingerprintArticle(entry: FingerprintEntry, index: number): Markup {
  const { fields, filters } = entry;
  const number = index + 1;
  return html`<article class="fingerprint" aria-labelledby="fingerprint-${number}">
<h3 id="fingerprint-${number}"><span class="share">${percent(entry.share)}</span> ${foreignCode(entry.tuple)} ${entry.label !== null && html`<small>looks like ${foreign(entry.label)}</small>`}</h3>
${facts([
  ["Packets", html`${whole(entry.packets)} <small>${missedText(entry)}${withUnit(entry.bytes, "B")}</small>`],
  ["IP version", fields.ipVersion],
  ["TTL", html`${fields.ttl} <small>${seenTtls(entry)} on arrival</small>`],
  ["Window", html`${whole(fields.window)} B${fields.scale !== null && ` × 2^${fields.scale}`}`],
  ["MSS", fields.mss === null ? "none" : `${whole(fields.mss)} B`],
  ["Options", optionsText(entry)],
  ["Quirks", fields.quirks.length > 0 && foreignCode(fields.quirks.join(","))],
])}
<p>What a block costs: ${blockCost(entry)}</p>
${filters === null ? html`<p>No filter can choose exactly these packets.</p>` : filterTexts(filters)}
</article>
`;
}

function filterTexts({ ringcap, expression, displayFilter }: NonNullable<FingerprintEntry["filters"]>): Part {
  return [copyable("ringcap", ringcap), copyable("tcpdump", expression), copyable("Wireshark", displayFilter)];
}

function missedText({ error }: FingerprintEntry): string {
  return error > 0 ? `or up to ${compact(error)} more, ` : "";
}

function seenTtls({ fields: { lowestTtl, highestTtl } }: FingerprintEntry): string {
  return lowestTtl === highestTtl ? String(lowestTtl) : `${lowestTtl} to ${highestTtl}`;
}

function optionsText({ fields: { options, isCut } }: FingerprintEntry): Part {
  const cut = isCut ? "the rest was not captured" : "";
  if (options.length === 0) return cut || "none";
  return html`${foreignCode(options.join(","))} <small>${cut}</small>`;
}

/** How many of the packets that a block would keep away look as if somebody were waiting behind them. */
function blockCost({ legitimateShare, legitimateError, attempts }: FingerprintEntry): Markup {
  if (attempts === 0) return html`not known, because no attempt to connect was sampled.`;
  const error = legitimateError > 0 ? ` (±${percent(legitimateError)})` : "";
  return html`<strong>${percent(legitimateShare)}</strong>${error} of its SYNs look legitimate, by ${counted(attempts, "attempt")} to connect.`;
}
