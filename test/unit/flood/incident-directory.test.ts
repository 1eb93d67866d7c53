/** A disk that is full at the last step of an incident, which no small disk is at that very moment. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test, vi } from "vitest";
import { IncidentDirectory } from "../../../src/flood/incident-directory.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

vi.mock("node:fs", async (original) => ({
  ...(await original<typeof import("node:fs")>()),
  renameSync: () => {
    throw Object.assign(new Error("ENOSPC: no space left on device, rename"), { code: "ENOSPC", errno: -28 });
  },
}));

test("an incident whose directory cannot get its name keeps everything under its first one", async () => {
  const base = temporaryDirectory();
  const directory = IncidentDirectory.create(base, "20231114T221330Z-5-s", new Set([0, process.geteuid?.() ?? 0]));
  const report = { state: "ended" };
  await expect(directory.finish(JSON.stringify(report))).rejects.toMatchObject({
    code: "OUTPUT",
    message: expect.stringContaining("ENOSPC"),
    hint: "free some space, or write to another file system",
  });
  directory.close();
  expect(basename(directory.place ?? "")).toBe("20231114T221330Z-5-s.partial");
  expect(JSON.parse(readFileSync(join(directory.place ?? "", "incident.json"), "utf8"))).toEqual(report);
});
