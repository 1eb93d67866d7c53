import { describe, expect, test } from "vitest";
import { renderPage } from "../../../../src/report/page/page.ts";
import { hostileReport } from "../../../support/sample-report/hostile.ts";
import { emptyReport, quietReport } from "../../../support/sample-report/quiet.ts";
import { synFloodReport } from "../../../support/sample-report/syn-flood.ts";

const MOST_BYTES = 300_000;
/** What is markup in a page is between these. Text and attributes have neither. */
const TAG = /<(\/?[a-z][\w-]*)((?:\s+[\w:-]+(?:="[^"<>]*")?)*)\s*\/?>/gi;

/** The names of all elements and attributes of a page, without what is in its style and its script. */
function namesIn(page: string): Set<string> {
  const markup = page.replace(/<style>.*?<\/style>/s, "").replace(/<script>.*?<\/script>/s, "");
  const names = new Set<string>();
  for (const [, element = "", attributes = ""] of markup.matchAll(TAG)) {
    names.add(element.replace("/", ""));
    for (const [name] of attributes.matchAll(/[\w:-]+(?==")/g)) names.add(`@${name}`);
  }
  return names;
}

describe("the page of a report", () => {
  test.each([
    ["of a flood", synFloodReport],
    ["of ordinary traffic", quietReport],
    ["without packets", emptyReport],
    ["as large and hostile as can be", hostileReport],
  ])("%s is at most 300 KB, and has nothing from elsewhere", (_name, report) => {
    const page = renderPage(report());
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(MOST_BYTES);
    expect(page.match(/\b(?:src|href)="(?!#|data:,")[^"]*"/g)).toBeNull();
    expect(page).not.toMatch(/url\(|@import/);
  });

  test("tells the verdict first, in words", () => {
    const page = renderPage(synFloodReport());
    expect(page).toMatch(/<title>SYN flood of 203\.0\.113\.7 port 443, from spoofed sources – ringcap report<\/title>/);
    expect(page.indexOf("<h1>")).toBeLessThan(page.indexOf("<h2"));
    expect(page).toContain("<strong>SYN flood</strong> · almost certain (98 %)");
  });

  test("says that no source is dominant only where there are more than it lists", () => {
    const report = synFloodReport();
    expect(renderPage(report)).toContain("No dominant source.");
    const entries = report.top.sources.entries.slice(0, 2);
    const sources = { ...report.top.sources, entries, distinct: { value: 2, error: 0 } };
    expect(renderPage({ ...report, top: { ...report.top, sources } })).not.toContain("No dominant source.");
  });

  test("has the filters of fingerprints whole", () => {
    const report = synFloodReport();
    const page = renderPage(report);
    for (const { filters } of report.fingerprints.entries) {
      expect(page).toContain(filters?.displayFilter.replaceAll("&", "&amp;").replaceAll("<", "&lt;") ?? "-");
    }
  });

  test("makes no element, attribute or line of what a capture says", () => {
    const hostile = renderPage(hostileReport());
    const harmless = renderPage(hostileReport("harmless"));
    expect([...namesIn(hostile)].sort()).toEqual([...namesIn(harmless)].sort());
    expect([...namesIn(hostile)].filter((name) => /^@on|^(?:img|iframe|object|base|form)$/.test(name))).toEqual([]);
    expect(hostile.match(/<script/g)).toHaveLength(1);
    expect(hostile).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|^::/mu);
  });

  test("of no packets says so in the place of charts", () => {
    const page = renderPage(emptyReport());
    expect(page).toContain("No packet has a time");
    expect(page).not.toContain("<figure");
  });
});
