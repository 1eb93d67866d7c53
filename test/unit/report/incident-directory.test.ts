import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { OpenedFile } from "../../../src/report/files/opened-file.ts";
import { IncidentDirectory } from "../../../src/report/incident/incident-directory.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const triggered = "2026-11-28T05:43:09.123+01:00";
const ended = "2026-11-28T05:44:09.123+01:00";
const sha256 = "0".repeat(64);

function incident(report: unknown, ...captures: readonly string[]): string {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, "incident.json"), typeof report === "string" ? report : JSON.stringify(report));
  for (const name of captures) writeFileSync(join(directory, name), "");
  return directory;
}

test("an incident gives its captures in order, its marks and what the kernel counted", async () => {
  const report = {
    kind: "ringcap-incident",
    name: "x",
    triggers: [
      { rule: "20000/s", first: triggered },
      { rule: "2000/s per src", key: "192.0.2.1", first: triggered },
    ],
    ended,
    why: "over",
    listening: { overflows: 3, drops: 4, cookiesSent: 5 },
    files: [{ name: "capture-0001.pcapng", sha256 }],
  };
  const names = ["capture-0002.pcapng", "capture-0001.pcapng", "report.html", "capture-x.pcapng"];
  const directory = incident(report, ...names);
  const opened = await IncidentDirectory.open(directory);
  expect(opened.captures).toEqual(["capture-0001.pcapng", "capture-0002.pcapng"].map((name) => join(directory, name)));
  expect(opened.facts()).toEqual({
    name: "x",
    marks: [
      { time: triggered, kind: "trigger", text: "20000/s" },
      { time: triggered, kind: "trigger", text: "2000/s per src of 192.0.2.1" },
      { time: ended, kind: "ended", text: "over" },
    ],
    kernel: { listenOverflows: 3, cookiesSent: 5, halfOpen: null },
    hashes: new Map([["capture-0001.pcapng", sha256]]),
  });
});

test.each([
  ["null", "null"],
  ["a number", "1"],
  ["no JSON", "{"],
  ["another kind", '{"kind":"ringcap-report"}'],
])("an incident.json of %s is refused", async (_, text) => {
  const opened = await IncidentDirectory.open(incident(text));
  expect(() => opened.facts()).toThrow(/its incident\.json is not that of an incident$/);
});

test("values of other kinds than the schema's are left out", async () => {
  const report = {
    kind: "ringcap-incident",
    name: 1,
    triggers: [null, 1, { rule: 2, first: "never" }, { rule: [], first: triggered }],
    ended: {},
    listening: { overflows: -1, cookiesSent: "5" },
    files: "none",
  };
  const opened = await IncidentDirectory.open(incident(report));
  expect(opened.facts()).toEqual({
    name: "",
    marks: [{ time: triggered, kind: "trigger", text: "" }],
    kernel: null,
    hashes: new Map(),
  });
});

test("a directory without incident.json, or with a link in its place, is refused", async () => {
  const directory = temporaryDirectory();
  await expect(IncidentDirectory.open(directory)).rejects.toThrow(/incident\.json cannot be read: ENOENT/);
  mkdirSync(join(directory, "other"));
  writeFileSync(join(directory, "secret"), '{"kind":"ringcap-incident"}');
  symlinkSync("../secret", join(directory, "other", "incident.json"));
  await expect(IncidentDirectory.open(join(directory, "other"))).rejects.toThrow(
    /incident\.json cannot be read: ELOOP/,
  );
});

test("a capture of an incident is a regular file: no link leads away from it, and no pipe is waited for", async () => {
  const directory = incident({ kind: "ringcap-incident" }, "capture-0001.pcapng");
  const at = (name: string) => join(directory, name);
  symlinkSync(at("capture-0001.pcapng"), at("capture-0002.pcapng"));
  execFileSync("mkfifo", [at("capture-0003.pcapng")]);
  const [file, link = "", pipe = ""] = (await IncidentDirectory.open(directory)).captures;
  const opened = await OpenedFile.openRegular(file ?? "");
  expect(opened.size).toBe(0);
  await opened.close();
  await expect(OpenedFile.openRegular(link)).rejects.toThrow(/symbolic link/);
  await expect(OpenedFile.openRegular(pipe)).rejects.toThrow(/it is no regular file$/);
});
