/** Which incidents are removed for newer ones, and what is never touched. */
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { type IncidentBudget, KeptIncidents } from "../../../src/flood/kept-incidents.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

/** Makes an incident of so many bytes beside its report. */
function makeIncident(directory: string, name: string, bytes = 1000, report: object = {}): string {
  const path = join(directory, name);
  mkdirSync(path, 0o700);
  writeFileSync(join(path, "capture.pcapng"), Buffer.alloc(bytes));
  writeFileSync(join(path, "incident.json"), JSON.stringify({ kind: "ringcap-incident", name, ...report }));
  return path;
}

function nameOf(hour: number): string {
  return `20260101T0${hour}0000Z-20000-s`;
}

async function enforce(directory: string, budget: IncidentBudget, newest?: string, open = 0) {
  const [removed, warnings]: [string[], string[]] = [[], []];
  const kept = new KeptIncidents(
    directory,
    budget,
    (name) => removed.push(name),
    (text) => warnings.push(text),
  );
  await kept.enforce(newest, open);
  return { removed, warnings };
}

test("the oldest incidents go, by their number and by their bytes, and never the newest", async () => {
  const directory = temporaryDirectory();
  for (const hour of [1, 2, 3, 4, 5]) makeIncident(directory, nameOf(hour));
  expect(await enforce(directory, {})).toEqual({ removed: [], warnings: [] });
  expect(await enforce(directory, { keepIncidents: 4 })).toEqual({ removed: [nameOf(1)], warnings: [] });
  // Four of some 1060 bytes each, and what is being recorded.
  expect((await enforce(directory, { keepSize: 5000 }, undefined, 1500)).removed).toEqual([nameOf(2)]);
  expect((await enforce(directory, { keepIncidents: 1 }, nameOf(3))).removed).toEqual([nameOf(4), nameOf(5)]);
  expect(readdirSync(directory)).toEqual([nameOf(3)]);
});

test("what no watch of this user made is neither counted nor removed", async () => {
  const directory = temporaryDirectory();
  const elsewhere = makeIncident(temporaryDirectory(), nameOf(1));
  symlinkSync(elsewhere, join(directory, nameOf(1)));
  makeIncident(directory, nameOf(2), 1000, { kind: "other" });
  makeIncident(directory, nameOf(3), 1000, { name: nameOf(1) });
  chmodSync(makeIncident(directory, nameOf(4)), 0o755);
  makeIncident(directory, `${nameOf(5)}.partial`);
  makeIncident(directory, "holiday-pictures");
  symlinkSync(join(elsewhere, "capture.pcapng"), join(makeIncident(directory, nameOf(6)), "link"));
  mkdirSync(join(makeIncident(directory, nameOf(7)), "report"));
  writeFileSync(join(makeIncident(directory, nameOf(8)), "incident.json"), "{");
  writeFileSync(join(directory, nameOf(9)), "a file");
  const before = readdirSync(directory);
  makeIncident(directory, nameOf(0));
  makeIncident(directory, "20270101T000000Z-20000-s");
  expect((await enforce(directory, { keepIncidents: 1 })).removed).toEqual([nameOf(0)]);
  expect(readdirSync(directory).filter((name) => !name.startsWith("2027"))).toEqual(before);
  expect(existsSync(join(elsewhere, "capture.pcapng"))).toBe(true);
});

test("hundreds of incidents are looked at with few descriptors, and again when one has come", async () => {
  const directory = temporaryDirectory();
  const names = Array.from({ length: 301 }, (_, index) => `20260101T000${100 + index}Z-20000-s`);
  for (const name of names.slice(0, 300)) makeIncident(directory, name, 1);
  const removed: string[] = [];
  const onRemoved = (name: string) => removed.push(name);
  const kept = new KeptIncidents(directory, { keepIncidents: 300 }, onRemoved, expect.unreachable);
  const descriptors = () => readdirSync("/proc/self/fd").length;
  const before = descriptors();
  let [most, isOver] = [0, false];
  const enforced = kept.enforce(undefined).finally(() => {
    isOver = true;
  });
  for (; !isOver; await turn()) most = Math.max(most, descriptors());
  await enforced;
  expect(most - before).toBeLessThan(20);
  makeIncident(directory, names[300] ?? "", 1);
  await kept.enforce(undefined);
  expect(removed).toEqual(names.slice(0, 1));
});
