/**
 * Which of the packets that matched go on, where user space decides about it: one in so many, and of those so many a second.
 * bpf/capture/admission.h decides the same in the kernel.
 */
import { BATCH_RECORD } from "../generated/layouts.ts";
import { numberIn } from "../options/checks.ts";

export interface AdmissionOptions {
  /** Takes one packet in so many that match, and counts the others as sampledOut. Default 1: all. */
  sample?: number | undefined;
  /**
   * Takes at most so many packets in each whole second of their time stamps, and counts the others as rateLimited. What
   * sampling leaves out does not count. Default: no limit.
   */
  rateLimit?: number | undefined;
}

export interface AdmissionSettings {
  /** One packet is taken of so many. */
  readonly sample: number;
  /** Packets a second; Infinity: no limit. */
  readonly rateLimit: number;
}

/** What became of the records of a batch. */
export interface Thinned {
  /** Records that were looked at. They are all, unless the limit was reached. */
  readonly records: number;
  /** Records that are left. They lie at the beginning of the batch. */
  readonly admitted: number;
  /** The number within its file of the last packet that was looked at. */
  readonly lastNumber: number;
}

export const ADMISSION_MAX = 1_000_000_000;

const SECONDS = BATCH_RECORD.seconds / 4;
const CAPTURED_LENGTH = BATCH_RECORD.capturedLength / 4;
const INTERFACE_INDEX = BATCH_RECORD.interfaceIndex / 4;
const LOST = BATCH_RECORD.lost / 4;
const NUMBER = BATCH_RECORD.number / 4;

/** A number from 0 to less than 1 that looks like chance and is the same for each seed of 32 bits (the end of MurmurHash3). */
export function chanceOf(seed: number): number {
  let mixed = seed ^ 0x9e37_79b9;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}

/** @throws RingcapError USAGE that names the option */
export function checkAdmission({ sample, rateLimit }: AdmissionOptions): AdmissionSettings {
  return {
    sample: numberIn("sample", sample, 1, 1, ADMISSION_MAX),
    rateLimit: numberIn("rateLimit", rateLimit, Number.POSITIVE_INFINITY, 1, ADMISSION_MAX),
  };
}

/** Whether some packets that match may be left out. */
export function thins({ sample, rateLimit }: AdmissionSettings): boolean {
  return sample > 1 || rateLimit !== Number.POSITIVE_INFINITY;
}

export class Admission {
  /** Packets that were left out so far. */
  sampledOut = 0;
  rateLimited = 0;
  readonly #rateLimit: number;
  readonly #random: () => number;
  readonly #untold = new Map<number, number>();
  #sample = 1;
  #skip = 0;
  #second = 0;
  #spent = 0;

  /** @param random a number from 0 to less than 1, by which the first packet is chosen */
  constructor({ sample, rateLimit }: AdmissionSettings, random: () => number) {
    this.#rateLimit = rateLimit;
    this.#random = random;
    this.setSampling(sample);
  }

  /** Takes one packet in so many from here on. */
  setSampling(sample: number): void {
    if (sample === this.#sample) return;
    this.#sample = sample;
    this.#skip = Math.floor(this.#random() * sample);
  }

  /**
   * Moves the records that are admitted to the beginning of a batch of native/batch_record.h without processes, and notes in
   * each how many of its interface were left out before it.
   *
   * @param words the same memory as `bytes`
   * @param limit looks at no more records once so many are admitted
   */
  thin(bytes: Uint8Array, words: Uint32Array, count: number, limit = Number.POSITIVE_INFINITY): Thinned {
    let records = 0;
    let admitted = 0;
    let lastNumber = 0;
    let from = 0;
    let to = 0;
    for (; records < count && admitted < limit; records++) {
      const record = from / 4;
      const length = BATCH_RECORD.size + (((words[record + CAPTURED_LENGTH] ?? 0) + 7) & ~7);
      const index = words[record + INTERFACE_INDEX] ?? 0;
      const untold = this.#untold.get(index) ?? 0;
      lastNumber = words[record + NUMBER] ?? 0;
      if (this.#admits(words[record + SECONDS] ?? 0)) {
        if (untold > 0) {
          words[record + LOST] = (words[record + LOST] ?? 0) + untold;
          this.#untold.set(index, 0);
        }
        if (from !== to) bytes.copyWithin(to, from, from + length);
        to += length;
        admitted++;
      } else {
        this.#untold.set(index, untold + 1);
      }
      from += length;
    }
    return { records, admitted, lastNumber };
  }

  #admits(second: number): boolean {
    if (this.#skip > 0) {
      this.#skip--;
      this.sampledOut++;
      return false;
    }
    this.#skip = this.#sample - 1;
    // A packet of the second before is late and belongs to the present one. One of longer ago comes after a step of the clock.
    if (second > this.#second || second < this.#second - 1) {
      this.#second = second;
      this.#spent = 0;
    }
    if (this.#spent >= this.#rateLimit) {
      this.rateLimited++;
      return false;
    }
    this.#spent++;
    return true;
  }
}
