/**
 * The style of the page. Colours are from Okabe and Ito's palette for all kinds of colour vision, darkened or lightened
 * until they have enough contrast; lines of one colour differ by their dashes.
 */
import { html } from "./html.ts";

export const style = html`
:root {
  color-scheme: light;
  --back: #fff; --ink: #1b2126; --soft: #58636d; --rule: #dde2e6; --panel: #f4f6f8; --area: #e3e8ec; --link: #0060a5;
  --vermilion: #bd4400; --blue: #0064ab; --green: #00785a; --purple: #9a3d84; --amber: #8a6100;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    color-scheme: dark;
    --back: #14171a; --ink: #e4e8eb; --soft: #9ba6b0; --rule: #2b3137; --panel: #1c2126; --area: #293037; --link: #6cb8f5;
    --vermilion: #ff8d52; --blue: #62b5f6; --green: #43cfa1; --purple: #e49fd2; --amber: #efb537;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 0 clamp(14px, 3vw, 40px) 48px; max-width: 1240px; background: var(--back); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
.brand { margin: 0; padding: 14px 0; color: var(--soft); font-size: 13px; }
.brand b { color: var(--ink); }
.brand span { margin-left: 10px; }
.note { padding: 8px 12px; background: var(--panel); border-left: 4px solid var(--amber); }
a { color: var(--link); }
h1, h2, h3 { line-height: 1.25; text-wrap: balance; }
h1 { margin: 2px 0 18px; font-size: clamp(21px, 3.2vw, 31px); font-weight: 650; letter-spacing: -.01em; }
h2 { margin: 0 0 10px; font-size: 19px; font-weight: 650; }
h3 { margin: 18px 0 8px; font-size: 15px; font-weight: 600; }
p { margin: 0 0 12px; max-width: 75ch; }
small { color: var(--soft); font-size: 13px; font-weight: 400; }
code, pre { font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
bdi { unicode-bidi: isolate; }
section { margin-top: 40px; padding-top: 18px; border-top: 1px solid var(--rule); }
.verdict { padding: 18px 22px 10px; background: var(--panel); border-left: 5px solid var(--vermilion); border-radius: 2px; }
.verdict.calm { border-color: var(--green); }
.over { margin: 0; color: var(--soft); }
.over strong { color: var(--vermilion); }
.calm .over strong { color: var(--green); }
.over strong::first-letter { text-transform: uppercase; }
.over strong { display: inline-block; }
.verdict h2 { margin-top: 10px; font-size: 15px; }
.verdict dd { font-size: 17px; font-weight: 600; }
.verdict dd small { display: block; }
.verdict .facts { grid-template-columns: repeat(auto-fill, minmax(min(100%, 210px), 1fr)); }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 6px 40px; }
.columns > * { min-width: 0; }
.sentences { margin: 0 0 12px; padding-left: 18px; max-width: 75ch; }
.sentences li { margin-bottom: 3px; }
.sentences li::marker { color: var(--soft); }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 165px), 1fr)); gap: 12px 24px; margin: 0 0 16px; }
.facts div { min-width: 0; }
dt { color: var(--soft); font-size: 13px; }
dd { margin: 0; }
nav { margin: 14px 0 0; }
nav a { margin-right: 14px; font-size: 14px; }

.scroll { overflow-x: auto; margin-bottom: 22px; }
table { border-collapse: collapse; min-width: 100%; font-size: 14px; line-height: 1.4; overflow-wrap: break-word; }
caption { padding-bottom: 4px; text-align: left; font-weight: 600; }
th, td { padding: 4px 16px 4px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--soft); font-size: 13px; font-weight: 400; vertical-align: bottom; }
tbody th { font-weight: 500; min-width: 8em; max-width: 30em; }
tbody td:not(.number) { min-width: 9em; }
.number { text-align: right; white-space: nowrap; }
.bar { display: block; width: 100%; min-width: 60px; height: 3px; margin-top: 1px; background: var(--rule); text-align: left; }
.bar i { display: block; height: 100%; background: var(--blue); print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.hash { overflow-wrap: anywhere; display: inline-block; min-width: 17em; }

figure { margin: 0 0 18px; }
figcaption { margin-bottom: 2px; font-size: 14px; font-weight: 600; }
.chart:focus-visible, .scroll:focus-visible, pre:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.frame { display: block; width: 100%; }
.time .frame { touch-action: pan-y; cursor: crosshair; user-select: none; -webkit-user-select: none; }
.rule { stroke: var(--rule); }
.base { stroke: var(--soft); }
.line, .small path { fill: none; stroke: currentColor; stroke-width: 1.7; vector-effect: non-scaling-stroke; }
.area { stroke: none; fill: var(--area); }
.area.bars { fill: var(--blue); }
#bits .area { fill: var(--blue); fill-opacity: .55; }
.small { display: block; }
.key { vertical-align: middle; }
.frame text { font-size: 12px; fill: var(--soft); }
.frame .scale, .frame .label { paint-order: stroke; stroke: var(--back); stroke-width: 4px; stroke-linejoin: round; }
.frame .label { fill: currentColor; font-size: 13px; font-weight: 600; }
.impossible { fill: var(--area); }
.mark { stroke: var(--ink); stroke-width: 1; }
.mark.ended { stroke-dasharray: 6 3; }
.mark.dropped { stroke-dasharray: 1 3; }
.mark.sampling { stroke-dasharray: 3 3; }
.sign { fill: var(--ink); }
.sign.dropped { fill: none; stroke: var(--ink); stroke-width: 2; }
.sign.sampling { fill: var(--back); stroke: var(--ink); stroke-width: 1.5; }
.band { fill: var(--blue); fill-opacity: .18; }
.readout { min-height: 1.5em; margin: 0; max-width: none; color: var(--soft); font-size: 13px; }
.total { color: var(--ink); }
.class-syn, .class-synAck, .new { color: var(--vermilion); }
.class-udp, .class-fragment, .seen { color: var(--blue); }
.class-ack, .class-tcpData, .class-tcpOther { color: var(--green); }
.class-rst, .class-fin { color: var(--purple); }
.class-icmp, .class-otherIp { color: var(--amber); }
.class-notIp { color: var(--soft); }
.class-synAck, .class-tcpData, .class-fragment, .class-fin, .class-otherIp, .new { stroke-dasharray: 7 3; }
.class-tcpOther, .class-notIp { stroke-dasharray: 2 2; }
.label { stroke-dasharray: none; }

button {
  padding: 3px 11px; color: var(--ink); background: var(--back); border: 1px solid var(--soft); border-radius: 4px;
  font: inherit; font-size: 13px; cursor: pointer;
}
button:hover { border-color: var(--ink); background: var(--panel); }
button:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.zoom { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; max-width: none; }
.zoom[hidden] { display: none; }
.fingerprint { margin: 0 0 16px; padding: 14px 18px 8px; border: 1px solid var(--rule); border-radius: 4px; }
.fingerprint h3 { margin-top: 0; }
.fingerprint .facts { grid-template-columns: repeat(auto-fill, minmax(min(100%, 130px), 1fr)); }
.fingerprint .share { margin-right: 6px; font-size: 19px; }
.copy { display: grid; grid-template-columns: 80px minmax(0, 1fr) auto; gap: 10px; align-items: start; margin-bottom: 6px; }
.copy > span { padding-top: 4px; color: var(--soft); font-size: 13px; }
.copy pre { margin: 0; padding: 4px 8px; background: var(--panel); white-space: pre-wrap; overflow-wrap: anywhere; max-height: 12em; overflow-y: auto; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 560px) {
  .copy { grid-template-columns: minmax(0, 1fr) auto; }
  .copy pre { grid-column: 1 / -1; grid-row: 2; }
  .verdict { padding: 14px 14px 6px; }
  .facts, .verdict .facts { grid-template-columns: repeat(auto-fill, minmax(min(100%, 130px), 1fr)); }
  .zoom small { display: none; }
  .number { white-space: normal; }
}
@media print {
  @page { margin: 14mm; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav, button, .zoom, .readout { display: none !important; }
  .verdict, .area, .impossible, .bar { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .scroll { overflow: visible; }
  .copy pre { max-height: none; }
  table, thead th, caption, caption small { font-size: 8pt; }
  tbody th, tbody td:not(.number) { overflow-wrap: anywhere; }
  tbody th, tbody td:not(.number), .hash, .bar { min-width: 0; }
  th, td { padding-right: 8px; }
  .number { white-space: normal; }
  figure, tr, .fingerprint, .copy { break-inside: avoid; }
  h2, h3, caption, figcaption { break-after: avoid; }
}
`;
