/** The analysis of SYNs: their tuples, and what became of the attempts to connect. */
import type { Analysis } from "../analysis/analysis.ts";
import { Attempt } from "../analysis/attempt.ts";
import type { HeaderColumns } from "../analysis/header-columns.ts";
import { CLASS_ACK, CLASS_SYN, CLASS_SYN_ACK, CLASS_TCP_DATA } from "../analysis/packet-class.ts";
import { SynTable } from "../analysis/syn-table.ts";
import { entryAt } from "./entry.ts";
import type { FingerprintReport } from "./fingerprint-report.ts";
import { FingerprintTable } from "./fingerprint-table.ts";
import { marksOf } from "./marks.ts";
import { SynKey, TRAIT_FRAMING_SHIFT } from "./syn-key.ts";

const MOST_ENTRIES = 10;

export class Fingerprints implements Analysis {
  /** Attempts to connect, whose subject is `hash` of their tuple's key. */
  readonly attempts = new SynTable();
  readonly #table = new FingerprintTable();
  readonly #key = new SynKey();
  readonly #attempt = new Attempt();
  #packets = 0;
  #unreadable = 0;
  /** One bit for each kind of headers that was met in front of IP. */
  #framings = 0;

  add(columns: HeaderColumns): void {
    const { count, packetClass } = columns;
    for (let index = 0; index < count; index++) {
      switch (packetClass[index]) {
        case CLASS_SYN:
          this.#addSyn(columns, index);
          break;
        case CLASS_SYN_ACK:
          this.#attempt.fromServer(columns, index, ((columns.acknowledgement[index] ?? 0) - 1) | 0);
          this.attempts.synAck(this.#attempt, columns.sequence[index] ?? 0);
          break;
        case CLASS_ACK:
        case CLASS_TCP_DATA:
          if (this.attempts.isEmpty) break;
          this.#attempt.fromClient(columns, index, ((columns.sequence[index] ?? 0) - 1) | 0);
          this.attempts.ack(this.#attempt, columns.acknowledgement[index] ?? 0);
          break;
      }
    }
  }

  #addSyn(columns: HeaderColumns, index: number): void {
    this.#packets++;
    const key = this.#key;
    if (!key.read(columns, index)) {
      this.#unreadable++;
      return;
    }
    this.#framings |= 1 << ((key.traits >> TRAIT_FRAMING_SHIFT) & 3);
    const place = this.#table.find(key);
    if (this.#table.packets[place] === 0) this.#table.keepHeaders(place, columns, index);
    this.#table.count(place, columns.originalLength[index] ?? 0, columns.ttl[index] ?? 0, marksOf(columns, index));
    this.#attempt.fromClient(columns, index, (columns.sequence[index] ?? 0) | 0);
    this.attempts.syn(this.#attempt, millisecondsOf(columns, index), key.hash);
  }

  /** @param most entries */
  report(most = MOST_ENTRIES): FingerprintReport {
    const table = this.#table;
    const isMixed = (this.#framings & (this.#framings - 1)) !== 0;
    return {
      packets: this.#packets,
      unreadable: this.#unreadable,
      distinct: table.size,
      isExact: table.isExact,
      entries: table
        .commonest(most)
        .map((place) => entryAt(table, place, this.attempts, { packets: this.#packets, isMixed })),
    };
  }
}

/** Modulo 2^32, signed. */
function millisecondsOf({ hasTime, seconds, nanoseconds }: HeaderColumns, index: number): number | undefined {
  if (hasTime[index] !== 1) return undefined;
  return (Math.imul((seconds[index] ?? 0) | 0, 1000) + (nanoseconds[index] ?? 0) / 1_000_000) | 0;
}
