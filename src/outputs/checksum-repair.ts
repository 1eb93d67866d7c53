/** Completes checksums in what is written, for packets whose checksums were not complete when they were captured. */
import { type CompletedChecksums, completeChecksums } from "../native/checksums.ts";
import type { SinkNeeds } from "../pipeline/sink.ts";

/** "repair" completes the checksums that the kernel left to the network card; "none" writes what was captured. */
export type ChecksumChoice = "none" | "repair";

/** The needs of a format whose checksums are completed by `checksums`, if it is given. */
export function withChecksums(needs: SinkNeeds, checksums: ChecksumRepair | undefined): SinkNeeds {
  return checksums === undefined ? needs : { ...needs, completesChecksums: true };
}

export class ChecksumRepair {
  readonly counts: CompletedChecksums = { completed: 0, cut: 0 };
  #copy = new Uint8Array(0);

  /** Makes the repair. @returns undefined where the choice is to repair nothing */
  static for(choice: ChecksumChoice): ChecksumRepair | undefined {
    return choice === "repair" ? new ChecksumRepair() : undefined;
  }

  /**
   * Completes the checksums of records.
   *
   * @param records records of a pcap file
   * @param own memory in which records may be changed in place; records elsewhere belong to the batch and are copied
   *   into it
   * @returns the records with complete checksums, valid until the next call
   */
  repair(records: Uint8Array, count: number, linkType: number, own: Uint8Array): Uint8Array {
    const changed = records.buffer === own.buffer ? records : this.#copied(records);
    const { completed, cut } = completeChecksums(changed, count, linkType);
    this.add(completed, cut);
    return changed;
  }

  /** Adds packets to the counts that were repaired by other code. */
  add(completed: number, cut: number): void {
    this.counts.completed += completed;
    this.counts.cut += cut;
  }

  #copied(records: Uint8Array): Uint8Array {
    if (this.#copy.length < records.length) this.#copy = new Uint8Array(records.length);
    this.#copy.set(records);
    return this.#copy.subarray(0, records.length);
  }

  /** Returns a note about packets whose checksum could not be completed; undefined where there are none. */
  note(): string | undefined {
    const { cut } = this.counts;
    if (cut === 0) return undefined;
    const packets = cut === 1 ? "1 packet was cut, and its checksum" : `${cut} packets were cut, and their checksums`;
    return `${packets} could not be completed: \`snapshotLength: 0\` captures packets whole`;
  }
}
