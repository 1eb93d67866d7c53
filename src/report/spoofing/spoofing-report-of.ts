/** Makes the report of evidence. */
import type { SynTable } from "../analysis/syn-table.ts";
import { entropyOf } from "../sketches/hash-counts.ts";
import type { Estimate } from "../values.ts";
import { BOGON_BLOCKS } from "./bogons.ts";
import type { Evidence } from "./evidence.ts";
import type { SpoofingReport } from "./spoofing-report.ts";

const MOST_TTLS = 20;
const BITS_16 = 16;
const NONE: Estimate = { value: 0, error: 0 };

export function spoofingReportOf(
  evidence: Evidence,
  about: SpoofingReport["about"],
  attempts: SynTable,
  intervals: number,
): SpoofingReport {
  const { packets, sourceCounts, byInterval } = evidence;
  const uniqueSources = sourcesOf(evidence);
  const bogons = BOGON_BLOCKS.map(({ block, what }, place) => ({ block, what, packets: evidence.bogons[place] ?? 0 }));
  const bogonPackets = bogons.reduce((sum, bogon) => sum + bogon.packets, 0);
  return {
    about,
    packets,
    uniqueSources,
    sourcesByInterval: byInterval.seen(intervals),
    newSourcesByInterval: byInterval.firstSeen(intervals, uniqueSources.value),
    packetsPerSource: uniqueSources.value === 0 ? 0 : packets / uniqueSources.value,
    entropy: {
      sources: sourceCounts.entropy(),
      sourcePorts: entropyOf(evidence.sourcePorts, BITS_16),
      sequenceNumbers: evidence.sequenceNumbers.entropy(),
      ipIds: entropyOf(evidence.ipIds, BITS_16),
    },
    firstBytes: [...evidence.firstBytes],
    bogons: bogons.filter((bogon) => bogon.packets > 0).sort((a, b) => b.packets - a.packets),
    bogonShare: packets === 0 ? 0 : bogonPackets / packets,
    ttls: ttlsOf(evidence, uniqueSources),
    ...attemptsOf(attempts),
  };
}

/** Exact as long as each source is counted. */
function sourcesOf({ packets, sources, sourceCounts }: Evidence): Estimate {
  return sourceCounts.isExact ? { value: sourceCounts.size, error: 0 } : atMost(packets, sources.toEstimate());
}

/** So many packets have no more sources, whatever an estimate says. */
function atMost(most: number, { value, error }: Estimate): Estimate {
  return { value: Math.min(most, value), error };
}

/** A TTL that all packets have is that of all sources, which are counted more closely. None has more sources than there are. */
function ttlsOf({ packets: all, ttlPackets, ttlSources }: Evidence, sources: Estimate): SpoofingReport["ttls"] {
  const ttls = [...ttlPackets.entries()].filter(([, packets]) => packets > 0);
  ttls.sort(([a, first], [b, second]) => second - first || a - b);
  return ttls.slice(0, MOST_TTLS).map(([ttl, packets]) => {
    const estimate = atMost(Math.min(packets, sources.value), ttlSources[ttl]?.toEstimate() ?? NONE);
    return { ttl, packets, sources: packets === all ? sources : estimate };
  });
}

function attemptsOf(table: SynTable): Pick<SpoofingReport, "retransmittingShare" | "handshakes"> {
  if (table.isEmpty) return { retransmittingShare: null, handshakes: null };
  const { attempts, answered, finished, repeated } = table.counts();
  const oneIn = table.sampledOneIn;
  return {
    retransmittingShare: repeated / attempts,
    handshakes: {
      begun: attempts * oneIn,
      answered: answered * oneIn,
      finished: finished * oneIn,
      sampledOneIn: oneIn,
    },
  };
}
