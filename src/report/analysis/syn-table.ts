/**
 * Attempts to connect, and what became of them: answered, finished, tried again. An attempt is a client's and a server's
 * address and port with an initial sequence number.
 *
 * The memory is bounded by a sample: those attempts are kept whose hash ends in a number of zeros, which grows so that at
 * most 131,072 are there (distinct sampling, Gibbons 2001). An attempt is in the sample with all of its packets or with none
 * of them, whenever it comes, so that a share of the sample estimates the share of all. Up to 131,072 attempts all are kept,
 * but those that find no place near the one that their hash says: only forged hashes are so close to each other.
 */
import type { Attempt } from "./attempt.ts";

/** Words of an attempt in the table. */
const STRIDE = 8;
const HASH = 0;
const CHECK = 1;
const SUBJECT = 2;
/** The initial sequence number of the server. */
const ANSWER = 3;
/** Milliseconds of the last SYN, modulo 2^32. */
const TIME = 4;
const SYNS = 5;
const STATE = 6;

/** Bits of a state, which is 0 where there is no attempt. */
const IS_USED = 1;
const IS_ANSWERED = 2;
/** The client acknowledged the answer. */
const IS_FINISHED = 4;
/** The client acknowledged an answer that was not seen. */
const IS_ACKNOWLEDGED = 8;
const IS_REPEATED = 16;

const FIRST_SLOTS = 1 << 12;
const MOST_SLOTS = 1 << 18;
/** Places that are looked at for an attempt. In a table that is half full, hashes that are not forged need far fewer. */
const MOST_PROBES = 512;
/** No place. */
const NONE = -1;
/** Where so many zeros are asked for, no more attempts are taken: only forged hashes get there. */
const MOST_LEVEL = 16;
/** A stack waits 1 s before it sends a SYN again (RFC 6298, section 2.1); it is seen a little early where the first one was late. */
const REPEATED_AFTER = 800;
/** A stack gives up after fewer SYNs than this (tcp_syn_retries of Linux is 6). What comes more often is sent by a program. */
const MOST_SYNS = 12;

/** Of the attempts in the sample. */
export interface AttemptCounts {
  attempts: number;
  /** The SYNs of these attempts. */
  syns: number;
  /** The SYNs of those that were finished, or repeated as real stacks do. */
  legitimateSyns: number;
  /** Attempts that a SYN-ACK answered. */
  answered: number;
  /** Attempts whose answer the client acknowledged; where no SYN-ACK answers any attempt, those with the ACK of one. */
  finished: number;
  /** Attempts of which a SYN came again after at least 0.8 s. */
  repeated: number;
}

export class SynTable {
  #slots = FIRST_SLOTS;
  #words = new Int32Array(FIRST_SLOTS * STRIDE);
  #attempts = 0;
  #level = 0;
  #hasAnswers = false;
  #isFull = false;

  /** Of how many attempts one is in the sample: 1 where all are. */
  get sampledOneIn(): number {
    return 2 ** this.#level;
  }

  get isEmpty(): boolean {
    return this.#attempts === 0;
  }

  /**
   * Takes a SYN.
   *
   * @param milliseconds modulo 2^32; undefined where the packet has no time
   * @param subject a signed number of 32 bits that the attempt is counted for, if this is its first SYN
   */
  syn(attempt: Attempt, milliseconds: number | undefined, subject: number): void {
    if (!this.#isChosen(attempt)) return;
    const at = this.#find(attempt.hash, attempt.check);
    if (at === NONE) return;
    const words = this.#words;
    const syns = (words[at + SYNS] ?? 0) + 1;
    if (syns === 1 && this.#isFull) return;
    words[at + SYNS] = syns;
    if (syns === 1) {
      words[at + HASH] = attempt.hash;
      words[at + CHECK] = attempt.check;
      words[at + SUBJECT] = subject;
      words[at + STATE] = IS_USED;
      words[at + TIME] = milliseconds ?? 0;
      this.#attempts++;
      while (this.#attempts * 2 > this.#slots && !this.#isFull) this.#makeRoom();
    } else if (milliseconds !== undefined) {
      const passed = (milliseconds - (words[at + TIME] ?? 0)) | 0;
      if (passed >= REPEATED_AFTER) words[at + STATE] = (words[at + STATE] ?? 0) | IS_REPEATED;
      words[at + TIME] = milliseconds;
    }
  }

  /** Takes a SYN-ACK. @param sequence the server's */
  synAck(attempt: Attempt, sequence: number): void {
    const at = this.#known(attempt);
    if (at === NONE) return;
    this.#words[at + ANSWER] = sequence;
    this.#words[at + STATE] = (this.#words[at + STATE] ?? 0) | IS_ANSWERED;
    this.#hasAnswers = true;
  }

  /** Takes an ACK that follows the initial sequence number. @param acknowledgement the number that it acknowledges */
  ack(attempt: Attempt, acknowledgement: number): void {
    const at = this.#known(attempt);
    if (at === NONE) return;
    const words = this.#words;
    const state = words[at + STATE] ?? 0;
    if ((state & IS_ANSWERED) === 0) words[at + STATE] = state | IS_ACKNOWLEDGED;
    else if (((words[at + ANSWER] ?? 0) + 1) >>> 0 === acknowledgement >>> 0) words[at + STATE] = state | IS_FINISHED;
  }

  /** Counts the attempts of one subject, or of all. */
  counts(subject?: number): AttemptCounts {
    const counts = { attempts: 0, syns: 0, legitimateSyns: 0, answered: 0, finished: 0, repeated: 0 };
    const words = this.#words;
    const finishing = this.#hasAnswers ? IS_FINISHED : IS_FINISHED | IS_ACKNOWLEDGED;
    for (let at = 0; at < words.length; at += STRIDE) {
      const state = words[at + STATE] ?? 0;
      if (state === 0 || (subject !== undefined && words[at + SUBJECT] !== subject)) continue;
      const syns = words[at + SYNS] ?? 0;
      const isFinished = (state & finishing) !== 0;
      const isRepeated = (state & IS_REPEATED) !== 0;
      counts.attempts++;
      counts.syns += syns;
      if ((state & IS_ANSWERED) !== 0) counts.answered++;
      if (isFinished) counts.finished++;
      if (isRepeated) counts.repeated++;
      if (isFinished || (isRepeated && syns <= MOST_SYNS)) counts.legitimateSyns += syns;
    }
    return counts;
  }

  #isChosen({ check }: Attempt): boolean {
    return (check & ((1 << this.#level) - 1)) === 0;
  }

  /** @returns the place of an attempt whose SYN was seen, or NONE */
  #known(attempt: Attempt): number {
    if (this.#attempts === 0 || !this.#isChosen(attempt)) return NONE;
    const at = this.#find(attempt.hash, attempt.check);
    return at === NONE || this.#words[at + STATE] === 0 ? NONE : at;
  }

  /** @returns the place of the attempt, or the free one that it would have; NONE where too many others are in its way */
  #find(hash: number, check: number): number {
    const words = this.#words;
    const last = this.#slots - 1;
    for (let probes = 0; probes < MOST_PROBES; probes++) {
      const at = ((hash + probes) & last) * STRIDE;
      if (words[at + STATE] === 0 || (words[at + CHECK] === check && words[at + HASH] === hash)) return at;
    }
    return NONE;
  }

  /** Doubles the table; where it may not grow, keeps half of the attempts. */
  #makeRoom(): void {
    const old = this.#words;
    if (this.#slots < MOST_SLOTS) this.#slots *= 2;
    else this.#level++;
    this.#isFull = this.#level === MOST_LEVEL;
    const mask = (1 << this.#level) - 1;
    this.#words = new Int32Array(this.#slots * STRIDE);
    this.#attempts = 0;
    for (let from = 0; from < old.length; from += STRIDE) {
      const check = old[from + CHECK] ?? 0;
      if (old[from + STATE] === 0 || (check & mask) !== 0) continue;
      const to = this.#find(old[from + HASH] ?? 0, check);
      if (to === NONE) continue;
      for (let word = 0; word < STRIDE; word++) this.#words[to + word] = old[from + word] ?? 0;
      this.#attempts++;
    }
  }
}
