/** The metrics of `ringcap watch`. Names and units are as Prometheus asks for them: seconds, bytes, and _total. */
import type { TrafficTotals } from "../../packets/traffic-counts.ts";
import type { PacketReport } from "../../pipeline/run.ts";
import { exposition, type Metric, type Sample } from "./exposition.ts";
import { processMetrics } from "./process-metrics.ts";
import type { WatchState } from "./watch-state.ts";

/** What becomes of a packet: ringcap_packets_<name>_total. */
const FATES: readonly (readonly [name: string, key: keyof PacketReport, help: string])[] = [
  ["seen", "seen", "Packets that met the program."],
  ["matched", "matched", "Packets that passed the filter."],
  ["sampled_out", "sampledOut", "Matching packets that sampling left out."],
  ["rate_limited", "rateLimited", "Matching packets beyond the rate limit."],
  ["ring_dropped", "ringDropped", "Matching packets that found the ring full."],
  ["over_limit", "overLimit", "Matching packets beyond the wanted count."],
  ["written", "written", "Packets that are in files for certain."],
  ["write_failed", "writeFailed", "Packets that could not be written."],
];

const PROTOCOLS = { tcp: "tcp", udp: "udp", icmp: "icmp", other: "otherProtocol" } as const;
const VERSIONS = { "4": "ipv4", "6": "ipv6" } as const;
const FLAGS = { syn: "syn", syn_ack: "synAck", rst: "rst", fin: "fin", ack: "ack", other: "otherTcp" } as const;

/** Returns the whole text for one request. */
export function watchMetricsText(state: WatchState): string {
  return exposition([...watchMetrics(state), ...processMetrics()]);
}

export function watchMetrics(state: WatchState): Metric[] {
  const { totals, packets, interfaces, history, incident, usual } = state;
  return [
    {
      ...{ type: "gauge", name: "ringcap_build_info", help: "The versions that run." },
      samples: [{ value: 1, labels: { version: state.version, node: process.versions.node } }],
    },
    ...FATES.map(([name, key, help]) => counter(`packets_${name}`, help, packets[key])),
    counter("packets_forgotten", "Packets that left the history without an incident.", state.forgotten),

    counter("traffic_packets", "Matching packets, recorded or not.", totals.packets),
    counter("traffic_bytes", "Bytes of matching packets on the wire.", totals.bytes),
    counters("traffic_ip_packets", "Matching packets by version of IP.", "version", VERSIONS, totals),
    counters("traffic_protocol_packets", "Matching packets by protocol.", "protocol", PROTOCOLS, totals),
    counters("traffic_tcp_packets", "Matching TCP packets by their flags.", "flags", FLAGS, totals),
    counter("traffic_fragments", "Fragments of IP behind the first.", totals.fragments),
    gauge("traffic_packets_per_second", "Matching packets in the last whole second.", state.packetsPerSecond),
    gauge("traffic_usual_packets_per_second", "The usual rate, which triggers like 8x compare with.", usual),

    {
      ...{ type: "gauge", name: "ringcap_interface_attached", help: "1 where packets are captured from it." },
      samples: interfaces.map(({ name, hook, attached }) => ({
        value: Number(attached),
        labels: { interface: name, hook },
      })),
    },
    {
      ...{ type: "counter", name: "ringcap_interface_dropped_packets_total" },
      help: "Packets that the interface dropped before the hook.",
      samples: interfaces.flatMap(({ name, dropped }) => sample(dropped, { interface: name })),
    },
    gauge("rings_waiting_packets", "Packets that wait in the rings.", state.waiting),

    gauge("history_bytes", "Bytes of packets in the history.", history.bytes),
    gauge("history_limit_bytes", "The most bytes that the history takes.", history.limit),
    gauge("history_seconds", "Time from the oldest packet of the history until now.", history.seconds),
    gauge("history_wanted_seconds", "Time that the history is to reach back.", history.wantedSeconds),

    counter("incidents", "Incidents since the start.", state.incidents),
    gauge("incident_active", "1 while an incident is recorded.", Number(incident !== undefined)),
    gauge("incident_start_time_seconds", "When the recorded incident began, since the epoch.", startOf(incident)),
    gauge("incident_packets", "Packets of the recorded incident.", incident?.packets),
    gauge("incident_bytes", "Bytes in the files of the recorded incident.", incident?.bytes),
    gauge("sampling_factor", "One matching packet in so many is recorded.", state.samplingFactor),
    counter("on_incident_failures", "Runs of --on-incident that failed.", state.onIncidentFailed),
  ];
}

function startOf(incident: WatchState["incident"]): number | undefined {
  return incident === undefined ? undefined : Number(incident.beganAt / 1_000_000n) / 1000;
}

/** Returns no sample for what is not known. */
function sample(value: number | undefined, labels?: Readonly<Record<string, string>>): Sample[] {
  if (value === undefined) return [];
  return [labels === undefined ? { value } : { value, labels }];
}

function counter(name: string, help: string, value: number): Metric {
  return { type: "counter", name: `ringcap_${name}_total`, help, samples: sample(value) };
}

function gauge(name: string, help: string, value: number | undefined): Metric {
  return { type: "gauge", name: `ringcap_${name}`, help, samples: sample(value) };
}

/** One counter for each kind, none of which counts a packet that another one counts. */
function counters(
  name: string,
  help: string,
  label: string,
  kinds: Readonly<Record<string, keyof TrafficTotals>>,
  totals: TrafficTotals,
): Metric {
  const samples = Object.entries(kinds).flatMap(([kind, key]) => sample(totals[key], { [label]: kind }));
  return { type: "counter", name: `ringcap_${name}_total`, help, samples };
}
