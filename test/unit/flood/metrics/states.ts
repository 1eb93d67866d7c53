/** A watch in the midst of an incident, in which every number is another one. */
import type { WatchState } from "../../../../src/flood/metrics/watch-state.ts";

export const incidentState: WatchState = {
  version: "1.2.3",
  totals: {
    ...{ packets: 1000, bytes: 64_000, ipv4: 600, ipv6: 390, tcp: 700, udp: 200, icmp: 50, otherProtocol: 51 },
    ...{ syn: 301, synAck: 102, rst: 23, fin: 34, ack: 205, otherTcp: 6, fragments: 7 },
  },
  packetsPerSecond: 12.5,
  packets: {
    ...{ seen: 5000, matched: 1000, sampledOut: 11, rateLimited: 12 },
    ...{ ringDropped: 13, overLimit: 14, written: 901, writeFailed: 16 },
  },
  forgotten: 33,
  interfaces: [
    { name: 'e"th\\0\n', hook: "xdp-native", attached: true, dropped: 17 },
    { name: "eth1", hook: "tc", attached: false },
  ],
  waiting: 18,
  history: { bytes: 20, limit: 21, seconds: 9.75, wantedSeconds: 10 },
  incidents: 3,
  incident: { beganAt: 1_764_300_000_250_000_000n, packets: 24, bytes: 2 ** 40 },
  usual: 25.5,
  samplingFactor: 8,
  onIncidentFailed: 2,
};

export const quietState: WatchState = { ...incidentState, incident: undefined, usual: undefined };
