/** Says what happened, from the facts of a whole report. */
import { courseOf } from "./course.ts";
import { sightOf } from "./sight.ts";
import { spoofedOf } from "./spoofed.ts";
import { suspicionsOf } from "./suspicions.ts";
import { titleOf } from "./titles.ts";
import type { Verdict } from "./verdict.ts";
import type { VerdictFacts } from "./verdict-facts.ts";
import { counted } from "./words.ts";

/** Packets from which on ordinary traffic is called so with confidence. */
const MANY_PACKETS = 200;

export function verdictOf(facts: VerdictFacts): Verdict {
  const sight = sightOf(facts);
  const [worst] = suspicionsOf(sight).sort((one, other) => weight(other) - weight(one));
  if (worst === undefined) return ordinary(facts);
  const { kind, target, reflector, packets, bytes, confidence, reasons, classes } = worst;
  const spoofed = spoofedOf(worst, sight);
  const title = titleOf(worst, spoofed);
  return { kind, title, confidence, target, reflector, ...courseOf(facts, classes), packets, bytes, spoofed, reasons };
}

function weight({ packets, confidence }: { packets: number; confidence: number }): number {
  return packets * confidence;
}

function ordinary({ packets: { matched, byClass } }: VerdictFacts): Verdict {
  // No flood and no scan is looked for in packets in which no IP was found, of whatever kind they are.
  const judged = matched - byClass.notIp.packets;
  return {
    kind: "none",
    title:
      matched === 0
        ? "No packets"
        : judged === 0
          ? "No packets of IP: nothing else is judged"
          : "No flood and no scan: the traffic looks ordinary",
    confidence: judged >= MANY_PACKETS ? 0.9 : judged / MANY_PACKETS / 2,
    target: null,
    reflector: null,
    begins: null,
    ends: null,
    seconds: null,
    peak: null,
    packets: 0,
    bytes: 0,
    spoofed: { is: "unknown", confidence: 0, reasons: [] },
    reasons: [`Of ${counted(judged, "packet")} of IP, none stand out as a flood or a scan of any address.`],
  };
}
