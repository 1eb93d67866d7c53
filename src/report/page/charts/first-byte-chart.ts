/** How sources spread over the 256 first bytes of IPv4 addresses: even where they are made up, uneven where they are real. */
import { compact } from "../../words/numbers.ts";
import { html, type Markup } from "../html.ts";
import { FULL_HEIGHT, largestOf, niceMaximum, stepPath } from "./steps.ts";

const HEIGHT = 110;
const AXIS_HEIGHT = 20;
const BYTES = 256;
const TICKS = [0, 32, 64, 96, 128, 160, 192, 224];
/** First bytes that no packet on the internet comes from (RFC 6890; RFC 1112, section 4, for 224 and above). */
const IMPOSSIBLE = [
  { first: 0, count: 1 },
  { first: 10, count: 1 },
  { first: 127, count: 1 },
  { first: 224, count: 32 },
];

export function firstByteChart(packets: readonly number[]): Markup {
  const maximum = niceMaximum(largestOf(packets));
  const used = packets.filter((count) => count > 0).length;
  const bands = IMPOSSIBLE.map(
    ({ first, count }) =>
      html`<rect class="impossible" x="${percent(first)}" width="${percent(count)}" y="0" height="${HEIGHT}"/>`,
  );
  const ticks = TICKS.map(
    (byte) =>
      html`<text class="tick" x="${percent(byte)}" y="${HEIGHT + 15}" text-anchor="${byte === 0 ? "start" : "middle"}">${byte}</text>`,
  );
  return html`<figure class="chart" id="first-bytes">
<figcaption>Packets by the first byte of the IPv4 source (each is a network of 8 bits; grey ones cannot be on the internet)</figcaption>
<svg class="frame" role="img" aria-labelledby="first-bytes-title first-bytes-desc" height="${HEIGHT + AXIS_HEIGHT}">
<title id="first-bytes-title">Packets by the first byte of the IPv4 source</title>
<desc id="first-bytes-desc">${used} of 256 first bytes have packets; the most of one are ${compact(largestOf(packets))} packets.</desc>
<g aria-hidden="true">${bands}<line class="rule" x1="0" x2="100%" y1="0.5" y2="0.5"/><line class="base" x1="0" x2="100%" y1="${HEIGHT}" y2="${HEIGHT}"/></g>
<svg width="100%" height="${HEIGHT}" viewBox="0 ${-FULL_HEIGHT} ${BYTES} ${FULL_HEIGHT}" preserveAspectRatio="none"><path class="area bars" d="${stepPath(packets, maximum)}"/></svg>
<g aria-hidden="true"><text class="scale" x="2" y="13">${compact(maximum)} packets</text>${ticks}</g>
</svg>
</figure>`;
}

function percent(byte: number): string {
  return `${Number(((byte / BYTES) * 100).toFixed(2))}%`;
}
