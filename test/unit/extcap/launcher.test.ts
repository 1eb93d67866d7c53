/** What the launcher answers, read as Wireshark reads it (extcap_parser.c). */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { launcherText } from "../../../src/extcap/launcher.ts";
import { parseTcpFlags } from "../../../src/filter/tcp-flags.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

/** Bytes that a shell would take for its own. */
const HOSTILE = `it's $(touch x) "\`touch x\`" \n*`;

interface Sentence {
  readonly word: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** A field ends at a brace behind which a field begins, a blank stands, or the line ends. */
function sentences(text: string): Sentence[] {
  return text.split("\n").flatMap((line) => {
    const word = /^(arg|value|interface|extcap|dlt) \{/.exec(line)?.[1];
    if (word === undefined) return [];
    return [
      {
        word,
        fields: Object.fromEntries(
          [...line.matchAll(/\{([a-z]+)=(.*?)\}(?=\{|$|\s)/g)].map(([, name, value]) => [name, value]),
        ),
      },
    ];
  });
}

describe("the launcher", () => {
  let directory: string;
  let launcher: string;

  /** Node.js is a program that prints its arguments. */
  function write(node = "node", granted = "/nonexistent"): void {
    writeFileSync(
      launcher,
      launcherText({ version: "1.2.3", node: join(directory, node), script: __filename, granted }),
    );
    chmodSync(launcher, 0o755);
  }
  const ask = (...words: string[]) => execFileSync(launcher, words, { encoding: "utf8", cwd: directory });

  beforeEach(() => {
    directory = join(temporaryDirectory(), HOSTILE.replaceAll("/", ""));
    mkdirSync(directory);
    launcher = join(directory, "ringcap");
    writeFileSync(join(directory, "node"), `#!/bin/sh\nprintf '%s\\n' "$@"\n`);
    chmodSync(join(directory, "node"), 0o755);
    write();
  });

  test("lists each interface of this host for XDP and for TC", () => {
    const [first, ...interfaces] = sentences(ask("--extcap-interfaces", "--extcap-version=4.0"));
    expect(first).toEqual({ word: "extcap", fields: { version: "1.2.3", display: "ringcap" } });
    expect(interfaces).toContainEqual({
      word: "interface",
      fields: { value: "ringcap-lo-xdp", display: "ringcap: lo (XDP)" },
    });
    expect(interfaces).toContainEqual({
      word: "interface",
      fields: { value: "ringcap-lo-tc", display: "ringcap: lo (TC, both directions)" },
    });
  });

  test("tells the link type of an interface", () => {
    expect(sentences(ask("--extcap-dlts", "--extcap-interface", "ringcap-lo-tc"))).toEqual([
      { word: "dlt", fields: { number: "1", name: "EN10MB", display: "Ethernet" } },
    ]);
    expect(ask("--extcap-dlts", "--extcap-interface", "ringcap-nothing-tc")).toBe("");
  });

  test.each([
    ["xdp", ["--port", "--tcp-flags", "--sample", "--snapshot-length", "--action"]],
    ["tc", ["--port", "--tcp-flags", "--sample", "--snapshot-length", "--process"]],
  ])("describes the widgets of %s in full", (hook, calls) => {
    const described = sentences(ask("--extcap-config", "--extcap-interface", `ringcap-lo-${hook}`));
    const widgets = described.filter(({ word }) => word === "arg").map(({ fields }) => fields);
    expect(widgets.map(({ call }) => call)).toEqual(calls);
    for (const [index, widget] of widgets.entries()) {
      expect(widget).toMatchObject({
        number: `${index}`,
        display: expect.stringMatching(/./),
        group: expect.stringMatching(/./),
      });
      expect(widget.type).toMatch(/^(string|unsigned|selector|boolflag)$/);
      const values = described.filter(({ word, fields }) => word === "value" && fields.arg === widget.number);
      expect(values.length > 0).toBe(widget.type === "selector");
    }
  });

  test("lets Wireshark check ports and flags, and forget that packets were dropped", () => {
    const described = sentences(ask("--extcap-config", "--extcap-interface", "ringcap-lo-xdp"));
    const widget = (call: string) => described.find(({ fields }) => fields.call === call)?.fields ?? {};
    const ports = new RegExp(widget("--port").validation ?? "");
    for (const right of ["80", "80,443,8000-8100", " 80, 443 "]) expect(right).toMatch(ports);
    for (const wrong of ["http", "80,", "80;443", "-80"]) expect(wrong).not.toMatch(ports);
    const [, flags = ""] = /^\(\?i\)(.*)$/.exec(widget("--tcp-flags").validation ?? "") ?? [];
    const spellings = ["syn,!ack", " SYN , !ack ", "syn/syn,ack", "none/all", "syn/all, ack", "rst"];
    const mistakes = ["syn,", "sin", "syn;ack", "! ack", "none", "all,!ack", "!syn/ack", "syn/ack/rst", "/syn"];
    for (const right of spellings) expect(right).toMatch(new RegExp(flags, "i"));
    for (const wrong of mistakes) expect(wrong).not.toMatch(new RegExp(flags, "i"));
    for (const text of spellings.slice(0, 3)) expect(() => parseTcpFlags("--tcp-flags", text)).not.toThrow();
    for (const text of mistakes) expect(() => parseTcpFlags("--tcp-flags", text), text).toThrow();
    expect(widget("--action")).toMatchObject({ save: "false", tooltip: expect.stringContaining("WARNING") });
  });

  test("hands everything else to Node.js, word for word", () => {
    const words = ["--capture", "--extcap-interface", "--extcap-config", "--fifo", HOSTILE];
    const handed = ["--inspect-port=240.0.0.1:9229", __filename, "extcap", "run", ...words];
    expect(ask(...words)).toBe(`${handed.join("\n")}\n`);
  });

  test("hands it to the program that has the capabilities, for who may run it and is not root", () => {
    const granted = join(directory, "granted");
    writeFileSync(granted, `#!/bin/sh\nprintf 'granted %s\\n' "$@"\n`);
    chmodSync(granted, 0o755);
    write("node", granted);
    const isRoot = process.geteuid?.() === 0;
    expect(ask("--capture").startsWith("granted --capture\n")).toBe(!isRoot);
  });

  test("lists nothing and says so at a capture where ringcap was taken away", () => {
    write("gone");
    expect(ask("--extcap-interfaces")).toBe("");
    const { status, stderr } = spawnSync(launcher, ["--capture"], { encoding: "utf8" });
    expect(stderr).toContain("gone or");
    expect(stderr).toContain('run "ringcap extcap install" again');
    expect(status).toBe(1);
  });
});
