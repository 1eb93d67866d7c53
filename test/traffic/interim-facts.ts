/** Facts until the analysis tells them. */
import { HeaderColumns } from "../../src/report/analysis/header-columns.ts";
import { PacketCounts } from "../../src/report/counts/packet-counts.ts";
import { zonedTime } from "../../src/report/times.ts";
import { PACKET_CLASSES } from "../../src/report/values.ts";
import { EndpointTally } from "../../src/report/verdict/endpoints/endpoint-tally.ts";
import type { VerdictFacts } from "../../src/report/verdict/verdict-facts.ts";
import { BEGINNING, batchesOf } from "./batches.ts";
import type { Trial } from "./trial.ts";

export function interimFacts({ packets, isIpv6, degradation }: Trial): VerdictFacts {
  const columns = new HeaderColumns();
  const counts = new PacketCounts();
  const tally = new EndpointTally();
  const first = packets[0]?.at ?? 0;
  const last = packets.at(-1)?.at ?? 0;
  const interval = Math.max(
    0.001,
    [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5].find((one) => (last - first) / one < 598) ?? 10,
  );
  const begin = Math.floor(first / interval) * interval;
  const count = Math.floor((last - begin) / interval) + 1;
  const series = PACKET_CLASSES.map((name) => ({
    class: name,
    packets: new Array<number>(count).fill(0),
    bytes: new Array<number>(count).fill(0),
  }));
  const ttls = new Map<number, number>();
  const sources = new Set<number>();
  const tuples = new Map<string, { count: number; fields: object }>();
  let bogons = 0;
  const traits = { linkTypeOf: () => 1, hasTime: () => true };
  for (const batch of batchesOf(packets, isIpv6)) {
    const cursor = batch.cursor();
    while (columns.fill(cursor, traits)) {
      counts.add(columns);
      tally.add(columns);
      for (let i = 0; i < columns.count; i++) {
        const at = (columns.seconds[i] ?? 0) - BEGINNING + (columns.nanoseconds[i] ?? 0) / 1e9;
        const bin = Math.min(count - 1, Math.max(0, Math.floor((at - begin) / interval)));
        const one = series[columns.packetClass[i] ?? 0];
        if (one) one.packets[bin] = (one.packets[bin] ?? 0) + 1;
        const ttl = columns.ttl[i] ?? 0;
        ttls.set(ttl, (ttls.get(ttl) ?? 0) + 1);
        sources.add(columns.sourceHash[i] ?? 0);
        const top = (columns.source[4 * i + 3] ?? 0) >>> 24;
        if (columns.ipVersion[i] === 4 && (top === 0 || top === 127 || top >= 224)) bogons++;
        if (columns.packetClass[i] === 0) {
          const t = columns.transport[i] ?? 0;
          const hl = ((columns.bytes[t + 12] ?? 0) >> 4) * 4;
          const options = [...columns.bytes.subarray(t + 20, t + hl)];
          const key = [columns.window[i], ttl, ...options].join();
          const entry = tuples.get(key) ?? {
            count: 0,
            fields: {
              window: columns.window[i],
              ttl,
              mss: options[0] === 2 ? 1460 : null,
              scale: 0,
              options: options.map(String),
            },
          };
          entry.count++;
          tuples.set(key, entry);
        }
      }
    }
  }
  const report = counts.report(packets.length);
  const syns = report.byClass.syn.packets;
  return {
    packets: report,
    span:
      packets.length === 0
        ? null
        : { first: zonedTime(BEGINNING + first), last: zonedTime(BEGINNING + last), seconds: last - first },
    filter: null,
    files: [{ interfaces: [{ filter: degradation.filter } as never] }],
    completeness: { heldShare: degradation.isTold ? 1 / degradation.factor : null },
    rates: { begins: zonedTime(BEGINNING + begin), intervalSeconds: interval, count, series },
    spoofing: {
      packets: packets.length,
      uniqueSources: { value: sources.size, error: 0 },
      ttls: [...ttls]
        .map(([ttl, n]) => ({ ttl, packets: n, sources: { value: 1, error: 0 } }))
        .sort((a, b) => b.packets - a.packets)
        .slice(0, 20),
      bogons: [{ block: "240.0.0.0/4", what: "", packets: bogons }],
      bogonShare: bogons / packets.length,
      retransmittingShare: null,
      handshakes: null,
    } as never,
    fingerprints: {
      packets: syns,
      distinct: tuples.size,
      entries: [...tuples.values()]
        .sort((a, b) => b.count - a.count)
        .slice(0, 10)
        .map(({ count: n, fields }) => ({ share: n / syns, fields }) as never),
    },
    endpoints: tally.endpoints(),
  };
}
