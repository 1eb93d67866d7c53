import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { AxeResults } from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderPage } from "../../src/report/index.ts";
import type { Report } from "../../src/report/report.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { hostileReport } from "../support/sample-report/hostile.ts";
import { emptyReport, quietReport } from "../support/sample-report/quiet.ts";
import { synFloodReport } from "../support/sample-report/syn-flood.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const DEBIAN_CHROMIUM = "/usr/bin/chromium";
const CHARTS = ["packets", "bits", "sources", "first-bytes"];

let browser: Browser;

/** A page that was opened from disk, with everything that its browser complained of or asked the network for. */
class Opened implements AsyncDisposable {
  readonly page: Page;
  readonly complaints: string[] = [];

  private constructor(page: Page, file: string) {
    this.page = page;
    page.on("console", (message) => this.complaints.push(message.text()));
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("dialog", (dialog) => this.complaints.push(dialog.message()));
    page.on("request", (request) => {
      if (request.url() !== file) this.complaints.push(request.url());
    });
  }

  static async from(report: Report, options: BrowserContextOptions = {}): Promise<Opened> {
    const file = join(temporaryDirectory(), "report.html");
    writeFileSync(file, renderPage(report));
    const context = await browser.newContext(options);
    await context.addInitScript({ content: AXE });
    const url = pathToFileURL(file).href;
    const opened = new Opened(await context.newPage(), url);
    await opened.page.goto(url);
    return opened;
  }

  /** Pixels by which the page is wider than its window. */
  overflow(): Promise<number> {
    return this.page.evaluate("document.documentElement.scrollWidth - innerWidth");
  }

  /** The rules of axe-core that the page breaks, with the first element that breaks each. */
  async violations(): Promise<string[]> {
    const { violations } = await this.page.evaluate<AxeResults>("axe.run()");
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  }

  /** The ids of the charts that are drawn: with a size, with a name, and with lines that go up somewhere. */
  charts(): Promise<string[]> {
    return this.page.$$eval("figure.chart", (figures) =>
      figures
        .filter((figure) => {
          const frame = figure.querySelector("svg[role=img]");
          const isDrawn = [...figure.querySelectorAll("path.line, path.area")].some((path) =>
            /V-/.test(path.getAttribute("d") ?? ""),
          );
          const { width = 0, height = 0 } = frame?.getBoundingClientRect() ?? {};
          return isDrawn && width > 300 && height > 100 && frame?.querySelector("title")?.textContent !== "";
        })
        .map(({ id }) => id),
    );
  }

  viewBox(): Promise<string | null> {
    return this.page.getAttribute("#packets .plot", "viewBox");
  }

  async [Symbol.asyncDispose]() {
    await this.page.context().close();
  }
}

/** The numbers that have more lines than words, because they are broken within a word. */
const BROKEN_NUMBERS = `[...document.querySelectorAll("td.number")].flatMap(({ firstChild }) => {
  if (firstChild === null) return [];
  const range = document.createRange();
  range.selectNode(firstChild);
  const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
  return lines > firstChild.textContent.trim().split(" ").length ? [firstChild.textContent] : [];
})`;

describeWith(requirements.tools("chromium"), "the page of a report", () => {
  beforeAll(async () => {
    // Chromium's sandbox is not for root, as whom these tests may run, and the pages are ours.
    browser = await chromium.launch({ executablePath: DEBIAN_CHROMIUM, chromiumSandbox: false });
  });

  afterAll(() => browser.close());

  test("is whole and open to everybody in light and dark colours, on narrow and wide screens", async () => {
    await using opened = await Opened.from(synFloodReport());
    const { page } = opened;
    for (const [colorScheme, back] of [
      ["light", "rgb(255, 255, 255)"],
      ["dark", "rgb(20, 23, 26)"],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [400, 1400]) {
        await page.setViewportSize({ width, height: 900 });
        const seen = `${colorScheme} at ${width} pixels`;
        expect(await page.evaluate("getComputedStyle(document.body).backgroundColor"), seen).toBe(back);
        expect(await opened.charts(), seen).toEqual(CHARTS);
        expect(await opened.overflow(), seen).toBeLessThanOrEqual(0);
        expect(await page.evaluate(BROKEN_NUMBERS), seen).toEqual([]);
        expect(await opened.violations(), seen).toEqual([]);
      }
    }
    expect(opened.complaints).toEqual([]);
  });

  test.each([
    ["without packets", emptyReport, []],
    ["of ordinary traffic", quietReport, CHARTS],
  ])("%s has nothing wrong with it", async (_name, report, charts) => {
    await using opened = await Opened.from(report());
    expect(await opened.charts()).toEqual(charts);
    expect(await opened.violations()).toEqual([]);
    expect(opened.complaints).toEqual([]);
  });

  test("without scripts all charts and filters are there, and no button that does nothing", async () => {
    await using opened = await Opened.from(synFloodReport(), { javaScriptEnabled: false });
    expect(await opened.page.locator("figure.chart svg[role=img]").count()).toBe(CHARTS.length);
    expect(await opened.page.locator("button:visible").count()).toBe(0);
    expect(await opened.page.locator(".copy code:visible").count()).toBeGreaterThan(3);
  });

  test("charts zoom by dragging and by keys, all together, and tell the numbers under the pointer", async () => {
    await using opened = await Opened.from(synFloodReport(), { viewport: { width: 1400, height: 900 } });
    const { page } = opened;
    const whole = await opened.viewBox();
    await page.locator("#packets .frame").scrollIntoViewIfNeeded();
    const box = await page.locator("#packets .frame").boundingBox();
    const at = (share: number) => [(box?.x ?? 0) + share * (box?.width ?? 0), (box?.y ?? 0) + 100] as const;
    await page.mouse.move(...at(0.25));
    await page.mouse.down();
    await page.mouse.move(...at(0.5));
    expect(await page.textContent("#packets .readout")).toMatch(
      /^07:4\d:\d\d, packets\/s: all packets \d+ k · SYN \d+ k · /,
    );
    await page.mouse.up();
    const [from, , length] = (await opened.viewBox())?.split(" ").map(Number) ?? [];
    expect([Math.round(from ?? 0), Math.round(length ?? 0)]).toEqual([75, 75]);
    expect(await page.getAttribute("#sources .plot", "viewBox")).toMatch(new RegExp(`^${from} `));
    expect(await page.textContent(".zoom [role=status]")).toBe("07:41:17 to 07:42:32");
    await page.keyboard.press("0");
    expect(await opened.viewBox()).toBe(whole);
    await page.getByRole("button", { name: "Zoom in" }).press("Enter");
    expect(await opened.viewBox()).toMatch(/^75 \S+ 150 /);
    expect(await opened.violations()).toEqual([]);
    await page.keyboard.press("ArrowRight");
    expect(await opened.viewBox()).toMatch(/^112\.5 /);
    await page.getByRole("button", { name: "Whole" }).click();
    expect(await opened.viewBox()).toBe(whole);
    expect(opened.complaints).toEqual([]);
  });

  test("a filter is copied as it is, from disk", async () => {
    const report = synFloodReport();
    await using opened = await Opened.from(report, { permissions: ["clipboard-read", "clipboard-write"] });
    await opened.page.getByRole("button", { name: "Copy for Wireshark" }).first().click();
    await opened.page.getByRole("button", { name: "Copied for Wireshark" }).waitFor();
    const copied = await opened.page.evaluate("navigator.clipboard.readText()");
    expect(copied).toBe(report.fingerprints.entries[0]?.filters?.displayFilter);
  });

  test("prints on paper: nothing is cut at its sides, and no button is on it", async () => {
    await using opened = await Opened.from(synFloodReport(), { colorScheme: "dark" });
    const pdf = (await opened.page.pdf({ format: "A4" })).toString("latin1");
    expect(pdf.startsWith("%PDF-")).toBe(true);
    expect(pdf.match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(2);
    const A4_WITHIN_MARGINS = { width: 688, height: 1017 };
    await opened.page.emulateMedia({ media: "print" });
    await opened.page.setViewportSize(A4_WITHIN_MARGINS);
    expect(await opened.overflow()).toBeLessThanOrEqual(0);
    expect(await opened.page.locator("button:visible").count()).toBe(0);
    expect(await opened.page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
  });

  describe("a hostile capture", () => {
    test("is nothing but text, and widens no page", async () => {
      await using opened = await Opened.from(hostileReport());
      const { page } = opened;
      expect(await page.evaluate("window.__pwned")).toBeUndefined();
      expect(await page.locator("script").count()).toBe(1);
      expect(await page.locator("img, iframe, object, embed, form, base, a:not([href^='#'])").count()).toBe(0);
      const handlers = await page.$$eval("*", (elements) =>
        elements.flatMap((element) => element.getAttributeNames().filter((name: string) => name.startsWith("on"))),
      );
      expect(handlers).toEqual([]);
      expect(await page.textContent("h1")).toContain("<script>window.__pwned=1</script>");
      for (const width of [400, 1400]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await opened.overflow(), `${width} pixels`).toBeLessThanOrEqual(0);
      }
      expect(await opened.charts()).toEqual(CHARTS);
      expect(opened.complaints).toEqual([]);
    });

    test("would not run even if it were an element", async () => {
      await using opened = await Opened.from(quietReport());
      await opened.page.evaluate(`document.body.innerHTML += "<img src='data:,' onerror='window.__pwned=1'>";
      const script = document.createElement("script");
      script.textContent = "window.__pwned = 2";
      document.body.append(script)`);
      await expect
        .poll(() => opened.complaints.filter((text) => text.includes("Content Security Policy")).length)
        .toBe(2);
      expect(await opened.page.evaluate("window.__pwned")).toBeUndefined();
    });
  });
});
