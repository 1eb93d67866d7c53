import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { OpenedFile } from "../../../src/report/files/opened-file.ts";
import { makeReport } from "../../../src/report/make-report.ts";
import type { Report } from "../../../src/report/report.ts";
import { PACKET_CLASSES } from "../../../src/report/values.ts";
import { VERDICT_KINDS } from "../../../src/report/verdict/verdict.ts";
import { hostileReport } from "../../support/sample-report/hostile.ts";
import { emptyReport, quietReport } from "../../support/sample-report/quiet.ts";
import { synFloodReport } from "../../support/sample-report/syn-flood.ts";

const schema = JSON.parse(readFileSync("schemas/report.schema.json", "utf8"));
const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);

/** What the schema has against a report that went through JSON. */
function faults(report: unknown): unknown {
  validate(JSON.parse(JSON.stringify(report)));
  return validate.errors;
}

describe("the schema of reports", () => {
  test.each([
    ["of a flood", synFloodReport],
    ["of ordinary traffic", quietReport],
    ["without packets", emptyReport],
    ["as large and hostile as can be", hostileReport],
  ])("takes a report %s", (_name, report) => {
    expect(faults(report())).toBeNull();
  });

  test("takes the report of each fixture", async () => {
    const names = readdirSync("fixtures").filter((name) => /\.pcap(?:ng)?(?:\.gz)?$/.test(name));
    const told = names.map(async (name) => {
      const file = await OpenedFile.open(join("fixtures", name));
      try {
        const { report } = await makeReport([file], {
          signal: new AbortController().signal,
          ringcap: "0",
          command: [],
          filter: null,
        });
        return { name, faults: faults(report) };
      } finally {
        await file.close();
      }
    });
    expect(await Promise.all(told)).toEqual(names.map((name) => ({ name, faults: null })));
  });

  test("knows the classes and verdicts that there are", () => {
    expect(schema.$defs.class.enum).toEqual(PACKET_CLASSES);
    expect(schema.properties.verdict.properties.kind.enum).toEqual(VERDICT_KINDS);
  });

  test.each<[string, (report: Report) => unknown]>([
    ["a key that it does not know", (report) => ({ ...report, more: 1 })],
    ["a missing part", ({ victim: _victim, ...report }) => report],
    ["a share above 1", (report) => ({ ...report, verdict: { ...report.verdict, confidence: 1.01 } })],
    ["a time without a zone", (report) => ({ ...report, created: "2026-11-28T07:40:09" })],
    ["a count that is not whole", (report) => ({ ...report, packets: { ...report.packets, read: 0.5 } })],
  ])("refuses %s", (_name, change) => {
    expect(faults(change(quietReport()))).not.toBeNull();
  });
});
