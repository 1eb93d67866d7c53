import { describe, expect, test } from "vitest";
import { shownWidth } from "../../../../src/outputs/table-row.ts";
import { renderText } from "../../../../src/report/text/text.ts";
import { hostileReport } from "../../../support/sample-report/hostile.ts";
import { emptyReport, quietReport } from "../../../support/sample-report/quiet.ts";
import { synFloodReport } from "../../../support/sample-report/syn-flood.ts";

const ESCAPE = "\u001b";
const COLOURS = new RegExp(`${ESCAPE}\\[(?:1|22|31|32|39)m`, "g");
const PLAIN = { columns: 80, colour: false };

describe("a report as text", () => {
  test("begins with what happened", () => {
    expect(renderText(synFloodReport(), PLAIN).split("\n").slice(0, 10)).toEqual([
      "SYN flood, almost certain (98 %)",
      "  SYN flood of 203.0.113.7 port 443, from spoofed sources",
      "  Target         203.0.113.7 port 443",
      "  Began          2026-11-28 07:40:09.000 +01:00",
      "  Ended          2026-11-28 07:43:41.000 +01:00",
      "  Lasted         3 min 33 s",
      "  Peak           410 k packets/s at 2026-11-28 07:40:46 +01:00",
      "  Packets of it  78,695,976, 84.7 % of all, 4.56 GB",
      "  Capture holds  11.6 % of all packets, 41,204 were lost",
      "",
    ]);
  });

  test.each([40, 60, 80, 200])("fits %i columns, but for what must not be broken", (columns) => {
    const lines = renderText(synFloodReport(), { columns, colour: false }).split("\n");
    const unbroken = /^ {4}(?:ringcap|tcpdump:|Wireshark:)|^ +(?:SHA-256 +)?\S{30,}$/;
    expect(lines.filter((line) => shownWidth(line) > columns && !unbroken.test(line))).toEqual([]);
  });

  test("goes on with a reason below its first word", () => {
    expect(renderText(synFloodReport(), { columns: 50, colour: false })).toContain(
      "\n  - 94.1 % of them have one and the same\n    fingerprint.\n",
    );
  });

  test("has the filters of fingerprints whole, each on one line", () => {
    const report = synFloodReport();
    const lines = renderText(report, PLAIN).split("\n");
    expect(lines).toContain(`    Wireshark: ${report.fingerprints.entries[0]?.filters?.displayFilter}`);
  });

  test("has colours where they are asked for, and the same words", () => {
    const coloured = renderText(synFloodReport(), { columns: 80, colour: true });
    expect(coloured).toContain(`${ESCAPE}[31m`);
    expect(coloured.replaceAll(COLOURS, "")).toBe(renderText(synFloodReport(), PLAIN));
  });

  test("names no key of which most packets may be of others, and says how heavy they are at most", () => {
    const report = synFloodReport();
    const entry = (key: string, packets: number) => ({ key, packets, bytes: 60, share: packets / 1000 });
    const entries = [entry("192.0.2.1", 500), entry("192.0.2.2", 62), entry("192.0.2.3", 32)];
    const sources = { ...report.top.sources, error: 31, entries };
    const text = renderText({ ...report, top: { ...report.top, sources } }, PLAIN);
    expect(text).toContain("192.0.2.2 ");
    expect(text).not.toContain("192.0.2.3");
    expect(text).toContain("\n  No other source has more than 32 packets.\n");
  });

  test("says of few packets that they are few, and no number that seems to be one of a flood", () => {
    const report = quietReport();
    const few = { ...report, verdict: { ...report.verdict, confidence: 0.16 } };
    expect(renderText(few, PLAIN).split("\n")[0]).toBe("No flood, too few packets to be sure");
  });

  test.each([
    ["of ordinary traffic", quietReport, "No flood, very likely (90 %)"],
    ["of no packets", emptyReport, "No flood, almost certain (100 %)"],
  ])("%s says that there is no flood", (_name, report, first) => {
    expect(renderText(report(), PLAIN).split("\n")[0]).toBe(first);
  });

  test.each([true, false])("lets no text of a capture steer a terminal (colour: %s)", (colour) => {
    const text = renderText(hostileReport(), { columns: 80, colour });
    expect(text.replaceAll(COLOURS, "")).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|^::/mu);
    expect(text).toContain("\\u001b[2J");
  });
});
