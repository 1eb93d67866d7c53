import { expect, test } from "vitest";
import { fingerprintOf } from "../../../src/flood/fingerprint.ts";
import { NO_TOTALS } from "../../../src/flood/watched-counts.ts";

const span = { began: 1_700_000_000_000_000_000n, seconds: 10 };
const entry = (key: string, packets: number) => ({
  key,
  packets,
  bytes: 100 * packets,
  syns: 0,
  error: 0,
  standardError: 0,
});
const top = { "dst-port": { entries: [entry("53", 600), entry("443", 390)], missedAtMost: 0, oneIn: 1 } };

test("ports are those of a protocol where no other one with ports has a share", () => {
  const udp = { ...NO_TOTALS, packets: 1200, bytes: 120_000, udp: 990, icmp: 200, tcp: 10 };
  expect(fingerprintOf(udp, top, span)).toMatchObject({
    time_start: "2023-11-14T22:13:20.000Z",
    duration_seconds: 10,
    avg_pps: 120,
    attack_vectors: [
      { protocol: "UDP", destination_ports: { "53": 0.606, "443": 0.394 } },
      { protocol: "ICMP", destination_ports: {} },
    ],
  });
});

test("in an attack by several protocols with ports, no port is told", () => {
  const mixed = { ...NO_TOTALS, packets: 990, bytes: 99_000, udp: 600, tcp: 390, ack: 390 };
  expect(fingerprintOf(mixed, top, span).attack_vectors).toMatchObject([
    { protocol: "UDP", destination_ports: {} },
    { protocol: "TCP", destination_ports: {} },
  ]);
});
