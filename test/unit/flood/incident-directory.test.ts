import { mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { IncidentDirectory } from "../../../src/flood/incident-directory.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

test("an incident whose directory cannot get its name keeps everything under its first one", async () => {
  const base = temporaryDirectory();
  const name = "20231114T221330Z-5-s";
  const directory = IncidentDirectory.create(base, name, new Set([0, process.geteuid?.() ?? 0]));
  mkdirSync(join(base, name));
  const report = { state: "ended" };
  await expect(directory.finish(JSON.stringify(report))).rejects.toMatchObject({ code: "OUTPUT" });
  directory.close();
  expect(basename(directory.place ?? "")).toBe(`${name}.partial`);
  expect(JSON.parse(readFileSync(join(directory.place ?? "", "incident.json"), "utf8"))).toEqual(report);
});
