import type { Report } from "../report.ts";
import type { Entropy } from "../spoofing/spoofing-report.ts";
import { clipped } from "../words/clipped.ts";
import { aboutName } from "../words/names.ts";
import { compact, estimated, percent, whole } from "../words/numbers.ts";
import type { Paragraph } from "./sheet.ts";

const TTLS_AT_MOST = 5;
const BOGONS_AT_MOST = 5;
const BLOCK_CHARACTERS = 120;

export function spoofingLines({ spoofing }: Report): Paragraph[] {
  const { handshakes, retransmittingShare, entropy, packets } = spoofing;
  if (packets === 0) return [];
  const ttls = spoofing.ttls
    .slice(0, TTLS_AT_MOST)
    .map(
      ({ ttl, packets: count, sources }) =>
        `${ttl} (${percent(count / packets)}, ${estimated(sources)} ${sources.value === 1 ? "source" : "sources"})`,
    );
  const bogons = spoofing.bogons
    .slice(0, BOGONS_AT_MOST)
    .map(({ block, packets: count }) => `${clipped(block, BLOCK_CHARACTERS)} (${whole(count)})`);
  const bytes = spoofing.firstBytes.filter((count) => count > 0).length;
  return [
    { heading: `Evidence of spoofing, of ${whole(packets)} ${clipped(aboutName(spoofing), BLOCK_CHARACTERS)}` },
    {
      facts: [
        [
          "Sources",
          `${estimated(spoofing.uniqueSources)}, ${compact(spoofing.packetsPerSource)} ${spoofing.packetsPerSource === 1 ? "packet" : "packets"} from each on average`,
        ],
        ["Spread", bytes > 0 && `over ${bytes} of 256 first bytes of IPv4 addresses`],
        ["Impossible sources", [percent(spoofing.bogonShare), ...bogons].join(", ")],
        ["Attempts tried again", retransmittingShare !== null && percent(retransmittingShare)],
        ["Finished handshakes", handshakes && `${whole(handshakes.finished)} of ${whole(handshakes.begun)}`],
        ["TTLs", ttls.join(", ")],
        ["Entropy of sources", entropyText(entropy.sources)],
        ["of source ports", entropyText(entropy.sourcePorts)],
        ["of sequence numbers", entropyText(entropy.sequenceNumbers)],
        ["of IP identifications", entropyText(entropy.ipIds)],
      ],
    },
  ];
}

function entropyText({ bits, mostBits }: Entropy): string {
  return `${bits.toFixed(1)} of ${mostBits.toFixed(1)} bits`;
}
