/** Whether the sources of an attack were made up, and how sure that is. */
import type { Sight } from "./sight.ts";
import type { Suspicion } from "./suspicion.ts";
import type { Verdict } from "./verdict.ts";
import { about, number, percent } from "./words.ts";

type Spoofed = Verdict["spoofed"];

/** Sources and packets from which on their numbers say something. */
const MANY_SOURCES = 50;
const MANY_PACKETS = 300;
/** The share of addresses that nobody can have, of all: 0, 127 and 224 to 255 of 256. Half of it tells. */
const IMPOSSIBLE = 0.13;
/** The number of sources that estimates can tell from more, in packets. */
const TELLING = 7;

export function spoofedOf(suspicion: Suspicion, sight: Sight): Spoofed {
  const { kind } = suspicion;
  if (kind === "port-scan" || kind === "host-scan") {
    return {
      is: "no",
      confidence: 0.9,
      reasons: ["Whoever scans needs the answers, and so uses an address of its own."],
    };
  }
  if (kind === "reflection" || (kind === "syn-ack-backscatter" && suspicion.sources > 1)) {
    const reason =
      "The servers that answer are real. The questions to them had the address of the target as their source.";
    return { is: "no", confidence: 0.8, reasons: [reason] };
  }
  if (kind.endsWith("backscatter")) {
    const reason =
      "Addresses that asked for nothing get answers, so that the flood that is answered has made-up sources.";
    return { is: "likely", confidence: 0.85, reasons: [reason] };
  }
  return fromEvidence(suspicion, sight);
}

function fromEvidence({ packets, sources }: Suspicion, sight: Sight): Spoofed {
  const reasons: string[] = [];
  let points = 0;
  const add = (holds: boolean, worth: number, sentence: string) => {
    if (!holds) return;
    points += worth;
    reasons.push(sentence);
  };
  const each = packets / Math.max(sources, 1);
  const isMany = sources >= MANY_SOURCES;
  const { impossibleShare, commonTtlShare, facts } = sight;
  const { retransmittingShare } = facts.spoofing;
  add(
    impossibleShare > 0.004,
    impossibleShare > IMPOSSIBLE / 4 ? 5 : 3,
    `${percent(impossibleShare)} of the packets are from addresses that nobody can have on the internet.`,
  );
  add(
    isMany && commonTtlShare > 0.8,
    3,
    `${percent(commonTtlShare)} of the packets have the same TTL, though they seem to come from ${about(sources, "address")}.`,
  );
  const isOnce = packets >= MANY_PACKETS && packets < sources * (1 + 1 / TELLING / 2);
  add(
    isOnce,
    packets >= 20_000 ? 4 : packets >= 3000 ? 3 : 2,
    `Hardly any of ${about(sources, "address")} sent a second packet.`,
  );
  add(
    !isOnce && isMany && packets > sources * 20 && sources < 50_000,
    -3,
    `On average, ${about(sources, "address")} sent ${number(each)} packets each.`,
  );
  add(
    !isOnce && packets > sources * 3 && packets <= sources * 20 && sources < 50_000,
    -1,
    `On average, ${about(sources, "address")} sent ${number(each)} packets each.`,
  );
  add(
    (retransmittingShare ?? 0) > 0.3 && impossibleShare === 0,
    -2,
    `${percent(retransmittingShare ?? 0)} of the attempts to connect were tried again, as real systems do.`,
  );
  if (!isMany) {
    const reason = `It comes from ${about(sources, "address")}, which is too few to tell.`;
    return { is: "unknown", confidence: 0.5, reasons: [...reasons, reason] };
  }
  return {
    ...judged(points),
    reasons: reasons.length > 0 ? reasons : ["Nothing tells real sources from made-up ones."],
  };
}

function judged(points: number): Pick<Spoofed, "is" | "confidence"> {
  if (points >= 5) return { is: "yes", confidence: Math.min(0.99, 0.7 + points / 30) };
  if (points >= 3) return { is: "likely", confidence: 0.75 };
  if (points <= -3) return { is: "no", confidence: 0.75 };
  if (points < 0) return { is: "unlikely", confidence: 0.65 };
  return { is: "unknown", confidence: 0.5 };
}
