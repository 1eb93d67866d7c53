/** The page of a report: one file without anything from elsewhere, which tells first what happened. */
import { createHash } from "node:crypto";
import type { Report } from "../report.ts";
import { clipped } from "../words/clipped.ts";
import { shownTime } from "../words/times.ts";
import { html } from "./html.ts";
import { script } from "./script.ts";
import { completenessSection, originSection } from "./sections/capture.ts";
import { fingerprintsSection } from "./sections/fingerprints.ts";
import { ratesSection } from "./sections/rates.ts";
import { spoofingSection } from "./sections/spoofing.ts";
import { targetSideSection } from "./sections/target-side.ts";
import { topsSection } from "./sections/tops.ts";
import { verdictHeader } from "./sections/verdict.ts";
import { style } from "./style.ts";

/** The script of the page is the only one that a browser runs, whatever a report contains (Content Security Policy 3). */
const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${createHash("sha256").update(script.toString()).digest("base64")}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const SECTIONS = [
  ["rates", "Rates"],
  ["spoofing", "Spoofing"],
  ["fingerprints", "Fingerprints"],
  ["top", "Top tables"],
  ["completeness", "Completeness"],
  ["origin", "Origin"],
] as const;

/** @returns a page of HTML, at most 300 KB, in which all text of the report is escaped */
export function renderPage(report: Report): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${clipped(report.verdict.title, 120)} – ringcap report</title>
<style>${style}</style>
</head>
<body>
<header class="brand"><b>ringcap</b> report <span>made ${shownTime(report.created, 0)}</span></header>
<main>
${report.anonymized && html`<p class="note">Addresses in this report are replaced by others (anonymized).</p>`}
${verdictHeader(report)}
<nav aria-label="Sections">${SECTIONS.map(([id, name]) => html`<a href="#${id}">${name}</a> `)}</nav>
${ratesSection(report)}
${spoofingSection(report)}
${fingerprintsSection(report)}
${topsSection(report)}
${targetSideSection(report)}
${completenessSection(report)}
${originSection(report)}
</main>
<script>${script}</script>
</body>
</html>
`.toString();
}
