import { describe, expect, test } from "vitest";
import { fitting, foreign } from "../../../../src/report/page/foreign.ts";
import { html } from "../../../../src/report/page/html.ts";

describe("html", () => {
  test("keeps its own text, and escapes what is put into it", () => {
    expect(`${html`<p title="${`"'><i>`}">${"a & <b>"}</p>`}`).toBe(
      '<p title="&quot;&#39;&gt;&lt;i&gt;">a &amp; &lt;b&gt;</p>',
    );
  });

  test("puts markup into markup once, and lists one after the other", () => {
    expect(`${html`<ul>${["<", ">"].map((one) => html`<li>${one}</li>`)}</ul>`}`).toBe(
      "<ul><li>&lt;</li><li>&gt;</li></ul>",
    );
  });

  test("leaves out what is nothing, but not zero and not an empty text", () => {
    expect(`${html`a${null}${undefined}${false}${""}${0}`}`).toBe("a0");
  });

  test("shows characters that steer a reader, and line ends, by their numbers", () => {
    expect(`${html`${"\u202ea\u0000\n\u2066\ud800\u001b[2J"}`}`).toBe("\\u202ea\\u0000\\u000a\\u2066\\ud800\\u001b[2J");
  });

  test("refuses a value as an attribute without quotes", () => {
    expect(() => html`<p title=${"x onclick=1"}></p>`).toThrow(TypeError);
  });

  test("takes no object of another for markup", () => {
    const pretended = { toString: () => "<script>" };
    // @ts-expect-error: the types refuse it as well.
    expect(() => html`${pretended}`).toThrow(TypeError);
  });
});

describe("text of others", () => {
  test.each([
    ["plain", "a"],
    ["of entities", '"'],
    ["of escapes", "\u202e"],
    ["of three bytes", "\u6f22"],
    ["of surrogate pairs", "\u{1f600}"],
  ])("that is %s takes no more bytes of the page than it may", (_name, character) => {
    const text = character.repeat(5000);
    const shown = fitting(text, 160).replace(/… \(.*/, "");
    const bytes = Buffer.byteLength(`${html`${shown}`}`);
    expect(bytes).toBeLessThanOrEqual(160);
    expect(bytes).toBeGreaterThan(160 - 24);
  });

  test("is whole where it fits, and isolated", () => {
    expect(`${foreign("a<b")}`).toBe("<bdi>a&lt;b</bdi>");
  });

  test("says how much of it is left out", () => {
    expect(fitting("x".repeat(1200), 100)).toBe(`${"x".repeat(100)}… (1,100 more characters)`);
  });
});
