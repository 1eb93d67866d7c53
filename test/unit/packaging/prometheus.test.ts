/** The alerts of packaging/prometheus and the dashboard of packaging/grafana, beside the metrics that a watch has. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { serverProgram } from "../../../scripts/lib/debian-servers.mjs";
import { watchMetricsText } from "../../../src/flood/metrics/watch-metrics.ts";
import { describeWith, requirements } from "../../support/privileges.ts";
import { run } from "../../support/run.ts";
import { incidentState } from "../flood/metrics/states.ts";

const packaging = new URL("../../../packaging/", import.meta.url);
const textOf = (file: string) => readFileSync(new URL(file, packaging), "utf8");
const dashboard = JSON.parse(textOf("grafana/ringcap.json"));
const prometheusFiles = readdirSync(new URL("prometheus/", packaging));
const promtool = serverProgram("promtool");

/** Words of PromQL that begin as a metric of a watch does. */
const metricNames = (text: string) => new Set(text.match(/\b(?:ringcap|process)_[a-z_]+\b/g));
const known = metricNames(
  watchMetricsText(incidentState)
    .split("\n")
    .filter((line) => line.startsWith("# TYPE "))
    .join("\n"),
);
/** The labels of every metric of a watch, and those that Prometheus adds. */
const knownLabels = new Set(["job", "instance", "interface", "hook", "version", "node", "protocol", "flags"]);

function expressionsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(expressionsOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    (key === "expr" || key === "definition") && typeof inner === "string" ? [inner] : expressionsOf(inner),
  );
}

describe("the dashboard for Grafana", () => {
  const expressions = expressionsOf(dashboard);

  test("asks for metrics that there are, and for most of them", () => {
    const asked = metricNames(expressions.join("\n"));
    expect([...asked].filter((name) => !known.has(name))).toEqual([]);
    expect(asked.size).toBeGreaterThan(20);
  });

  test("sums by labels that there are", () => {
    const labels = expressions.flatMap((text) => [...text.matchAll(/by \(([a-z]+)\)/g)].map(([, label]) => label));
    expect(labels.length).toBeGreaterThan(2);
    expect(labels.filter((label) => !knownLabels.has(label ?? ""))).toEqual([]);
  });

  test("has a place of its own for each panel, and one data source, which the reader chooses", () => {
    const panels: { id: number; gridPos: { x: number; y: number; w: number; h: number } }[] = dashboard.panels;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
    expect(new Set(textOf("grafana/ringcap.json").match(/"uid": "[^"]*"/g))).toEqual(
      new Set(['"uid": "ringcap"', '"uid": "$' + '{datasource}"']),
    );
  });
});

describe("the alerts for Prometheus", () => {
  test("ask for metrics that there are", () => {
    const rules = textOf("prometheus/ringcap.rules.yml");
    const expressions = [...rules.matchAll(/expr: (.*)/g)].map(([, text]) => text).join("\n");
    const recorded = new Set([...rules.matchAll(/record: (\S+)/g)].map(([, name = ""]) => name.split(":")[1]));
    expect([...metricNames(expressions)].filter((name) => !known.has(name) && !recorded.has(name))).toEqual([]);
    expect(prometheusFiles.sort()).toEqual(["prometheus.yml", "ringcap.rules.test.yml", "ringcap.rules.yml"]);
  });
});

describeWith(requirements.tools(promtool), "the files for Prometheus", () => {
  test.each([
    ["configuration", ["check", "config", "prometheus.yml"]],
    ["rules", ["check", "rules", "--lint=all", "--lint-fatal", "ringcap.rules.yml"]],
    ["alerts", ["test", "rules", "ringcap.rules.test.yml"]],
  ])("have a %s that promtool finds right", async (_what, words) => {
    const { code, stdout, stderr } = await run(promtool, words, {
      cwd: fileURLToPath(new URL("prometheus", packaging)),
    });
    expect({ code, said: code === 0 ? "" : stdout + stderr }).toEqual({ code: 0, said: "" });
  });

  test("are of metrics whose names and types promtool finds right", async () => {
    const { code, stdout, stderr } = await run(promtool, ["check", "metrics"], {
      input: watchMetricsText(incidentState),
    });
    expect({ code, said: stdout + stderr }).toEqual({ code: 0, said: "" });
  });
});
