/**
 * Evidence by class and destination. Which packets the evidence of a report is about is known only at the end, when the
 * verdict names a kind and a target. So evidence is kept for each class of packets, and within each class for two
 * destinations apart from all others. They are those of most packets (Misra and Gries, 1982: a destination of more than a
 * third of the packets of a class is one of them at the end). Evidence can be merged, so that it is there for a class as a
 * whole and for all packets, too.
 *
 * A destination that becomes one of the two later begins with nothing, and what came before is evidence of the others. The
 * first two of a class are followed from their first packet on. Each time that evidence is given up, a new destination needs
 * more packets before it is followed, 8192 at most, so that a hostile capture cannot make this slow.
 */

import { formatAddress } from "../analysis/addresses.ts";
import type { Analysis } from "../analysis/analysis.ts";
import { isSameAddress } from "../analysis/flow-runs.ts";
import type { HeaderColumns } from "../analysis/header-columns.ts";
import type { IntervalSeries, Timeline } from "../rates/timeline.ts";
import { PACKET_CLASSES, type PacketClass } from "../values.ts";
import { Evidence } from "./evidence.ts";

const FIRST_NEEDED = 16;
const MOST_NEEDED = 8192;

/** One of the two destinations of a class. */
class Candidate {
  readonly words = new Uint32Array(4);
  hash = -1;
  /** Its packets, less those of others since. */
  lead = 0;
  packets = 0;
  evidence: Evidence | undefined;

  isOf(words: Uint32Array, at: number): boolean {
    return isSameAddress(this.words, 0, words, at);
  }
}

class ClassStream {
  readonly candidates = [new Candidate(), new Candidate()] as const;
  others: Evidence | undefined;
  #needed = 0;

  /** @param packets that follow one another towards one destination @returns the evidence that all of them are of */
  evidenceFor(columns: HeaderColumns, index: number, packets: number): Evidence {
    const hash = columns.destinationHash[index] ?? 0;
    const [one, other] = this.candidates;
    if (one.hash === hash && one.isOf(columns.destination, 4 * index)) return this.#followed(one, packets);
    if (other.hash === hash && other.isOf(columns.destination, 4 * index)) return this.#followed(other, packets);
    const taken = Math.min(packets, one.lead, other.lead);
    one.lead -= taken;
    other.lead -= taken;
    if (taken === packets) return this.#ofOthers();
    const free = one.lead === 0 ? one : other;
    this.#giveUp(free);
    free.hash = hash;
    free.words.set(columns.destination.subarray(4 * index, 4 * index + 4));
    return this.#followed(free, packets - taken);
  }

  #followed(candidate: Candidate, packets: number): Evidence {
    candidate.lead += packets;
    candidate.packets += packets;
    if (candidate.evidence !== undefined) return candidate.evidence;
    if (candidate.packets <= this.#needed) return this.#ofOthers();
    candidate.evidence = new Evidence();
    return candidate.evidence;
  }

  #giveUp(candidate: Candidate): void {
    candidate.packets = 0;
    if (candidate.evidence === undefined) return;
    this.#ofOthers().merge(candidate.evidence);
    candidate.evidence = undefined;
    this.#needed = Math.min(MOST_NEEDED, Math.max(FIRST_NEEDED, this.#needed * 2));
  }

  #ofOthers(): Evidence {
    this.others ??= new Evidence();
    return this.others;
  }

  all(): Evidence[] {
    return [this.others, ...this.candidates.map(({ evidence }) => evidence)].filter(
      (evidence) => evidence !== undefined,
    );
  }
}

export class Streams implements Analysis, IntervalSeries {
  readonly timeline: Timeline;
  readonly #classes = PACKET_CLASSES.map(() => new ClassStream());

  constructor(timeline: Timeline) {
    this.timeline = timeline;
    timeline.follow(this);
  }

  add(columns: HeaderColumns): void {
    const { count, ipVersion, packetClass, destination, destinationHash } = columns;
    for (let first = 0, end = 1; first < count; first = end++) {
      if (ipVersion[first] === 0) continue;
      const kind = packetClass[first] ?? 0;
      const hash = destinationHash[first];
      while (
        end < count &&
        packetClass[end] === kind &&
        destinationHash[end] === hash &&
        isSameAddress(destination, 4 * end, destination, 4 * first)
      ) {
        end++;
      }
      this.#classes[kind]?.evidenceFor(columns, first, end - first).add(columns, first, end, this.timeline.intervals);
    }
  }

  rearrange(places: Uint16Array): void {
    for (const evidence of this.#all()) evidence.rearrange(places);
  }

  #all(classes: readonly PacketClass[] = PACKET_CLASSES): Evidence[] {
    return classes.flatMap((name) => this.#classes[PACKET_CLASSES.indexOf(name)]?.all() ?? []);
  }

  /** The evidence of all packets of some classes. */
  ofClasses(classes: readonly PacketClass[] = PACKET_CLASSES): Evidence {
    return merged(this.#all(classes));
  }

  /** The evidence of the packets of some classes towards a destination; undefined where it was not followed in any of them. */
  towards(address: string, classes: readonly PacketClass[]): Evidence | undefined {
    const found = classes.flatMap((name) => {
      const candidates = this.#classes[PACKET_CLASSES.indexOf(name)]?.candidates ?? [];
      const evidence = candidates.find((one) => one.hash >= 0 && formatAddress(one.words, 0) === address)?.evidence;
      return evidence === undefined ? [] : [evidence];
    });
    return found.length === 0 ? undefined : merged(found);
  }
}

function merged(all: readonly Evidence[]): Evidence {
  const [only] = all;
  if (only !== undefined && all.length === 1) return only;
  const sum = new Evidence();
  for (const evidence of all) sum.merge(evidence);
  return sum;
}
