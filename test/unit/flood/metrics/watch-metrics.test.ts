/** The text for Prometheus, as the parser of Prometheus' own client for Python reads it. */
import { expect, test } from "vitest";
import { exposition } from "../../../../src/flood/metrics/exposition.ts";
import { watchMetricsText } from "../../../../src/flood/metrics/watch-metrics.ts";
import { describeWith, requirements } from "../../../support/privileges.ts";
import { runOrFail } from "../../../support/run.ts";
import { incidentState, quietState } from "./states.ts";

/** Debian's Python, which has Debian's package of the client. */
const PYTHON = "/usr/bin/python3";
const PARSER = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families
text = sys.stdin.buffer.read().decode()
families = list(text_string_to_metric_families(text))
print(json.dumps([[f.name, f.type, f.documentation, [[s.name, s.labels, repr(s.value)] for s in f.samples]] for f in families]))
`;

type Family = [name: string, type: string, help: string, samples: [string, Record<string, string>, string][]];

async function parsed(text: string): Promise<Family[]> {
  return JSON.parse((await runOrFail(PYTHON, ["-c", PARSER], { input: text })).stdout);
}

/** The samples as one writes them in a query, without those of the process. */
async function samplesOf(text: string): Promise<Record<string, number>> {
  const samples = (await parsed(text)).flatMap(([, , , all]) => all);
  return Object.fromEntries(
    samples
      .filter(([name]) => name.startsWith("ringcap_"))
      .map(([name, labels, value]) => [[name.slice(8), ...Object.values(labels)].join(" "), Number(value)]),
  );
}

describeWith(requirements.debianPython("prometheus_client"), "Prometheus' parser", () => {
  test("finds every number of a watch, by its name", async () => {
    expect(await samplesOf(watchMetricsText(incidentState))).toEqual({
      [`build_info 1.2.3 ${process.versions.node}`]: 1,
      ...{ packets_seen_total: 5000, packets_matched_total: 1000 },
      ...{ packets_sampled_out_total: 11, packets_rate_limited_total: 12, packets_ring_dropped_total: 13 },
      ...{ packets_over_limit_total: 14, packets_written_total: 901, packets_write_failed_total: 16 },
      packets_forgotten_total: 33,
      ...{ traffic_packets_total: 1000, traffic_bytes_total: 64_000, traffic_fragments_total: 7 },
      ...{ "traffic_ip_packets_total 4": 600, "traffic_ip_packets_total 6": 390 },
      ...{ "traffic_protocol_packets_total tcp": 700, "traffic_protocol_packets_total udp": 200 },
      ...{ "traffic_protocol_packets_total icmp": 50, "traffic_protocol_packets_total other": 51 },
      ...{ "traffic_tcp_packets_total syn": 301, "traffic_tcp_packets_total syn_ack": 102 },
      ...{ "traffic_tcp_packets_total rst": 23, "traffic_tcp_packets_total fin": 34 },
      ...{ "traffic_tcp_packets_total ack": 205, "traffic_tcp_packets_total other": 6 },
      ...{ traffic_packets_per_second: 12.5, traffic_usual_packets_per_second: 25.5 },
      ...{ 'interface_attached e"th\\0\n xdp-native': 1, "interface_attached eth1 tc": 0 },
      'interface_dropped_packets_total e"th\\0\n': 17,
      rings_waiting_packets: 18,
      ...{ history_bytes: 20, history_limit_bytes: 21, history_seconds: 9.75, history_wanted_seconds: 10 },
      ...{ incidents_total: 3, incident_active: 1, incident_start_time_seconds: 1_764_300_000.25 },
      ...{ incident_packets: 24, incident_bytes: 2 ** 40, sampling_factor: 8, on_incident_failures_total: 2 },
    });
  });

  test("finds nothing of what is not known on a quiet day", async () => {
    const names = Object.keys(await samplesOf(watchMetricsText(quietState)));
    expect(names).toContain("incident_active");
    expect(names.filter((name) => /incident_(start|packets|bytes)|usual/.test(name))).toEqual([]);
  });

  test("finds a type and a help for each metric, and what every client tells of its process", async () => {
    const families = await parsed(watchMetricsText(incidentState));
    expect(
      families.filter(([, type, help, samples]) => type === "unknown" || help === "" || samples.length === 0),
    ).toEqual([]);
    expect(new Set(families.map(([name]) => name)).size).toBe(families.length);
    const values = new Map(families.map(([name, , , samples]) => [name, Number(samples[0]?.[2])]));
    expect(values.get("process_resident_memory_bytes")).toBeGreaterThan(2 ** 20);
    expect(values.get("process_open_fds")).toBeGreaterThan(2);
    expect(values.get("process_cpu_seconds")).toBeGreaterThan(0);
    const age = Date.now() / 1000 - (values.get("process_start_time_seconds") ?? 0);
    expect(Math.abs(age - process.uptime())).toBeLessThan(60);
  });

  test("reads text and numbers as they were", async () => {
    const label = '\\n "a\nb" {c="d"} \t é 変 \ud800';
    const text = exposition([
      ...[{ type: "gauge", name: "a", help: "line\nline \\n", samples: [{ value: 0.1, labels: { label } }] } as const],
      {
        ...{ type: "gauge", name: "b", help: "h" },
        samples: [Infinity, -Infinity, NaN, 1e-7, 2 ** 53].map((value) => ({ value })),
      },
    ]);
    expect(await parsed(text)).toEqual([
      ["a", "gauge", "line\nline \\n", [["a", { label: label.replace("\ud800", "\ufffd") }, "0.1"]]],
      ["b", "gauge", "h", ["inf", "-inf", "nan", "1e-07", "9007199254740992.0"].map((value) => ["b", {}, value])],
    ]);
  });
});
