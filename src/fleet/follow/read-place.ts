/**
 * What was read of a stream. A server that lost its last messages, as after a power failure, gives their numbers to others, which it heard
 * later: so a message came before where its number is not above the place, and its time is not behind it.
 */

/** A place in a stream, behind the message with the number. A stream that was made anew is another one. */
export interface StreamPosition {
  /** When the stream was made, as its server writes it. */
  readonly created: string;
  readonly sequence: number;
  /** When the server heard the last of the messages up to here, in whole milliseconds since the epoch. */
  readonly heard: number;
}

/** What a message is: new, in front of the place where reading began, read before, or new with others in front of it that were passed over. */
export type Taken = "new" | "again" | "known" | "passed over";

/** Messages that are read again where the server has lost some. */
const LOST_AT_MOST = 10_000;

export class ReadPlace {
  #position: StreamPosition | undefined;
  readonly #again: number;
  readonly #onLoss: () => void;
  #hasNew = false;
  #hasPassedOver = false;
  /** Whether reading goes on far enough in front of the place. */
  #isFar = false;
  #toldOf: StreamPosition | undefined;

  /** @param again messages in front of the place that are read first @param onLoss is called once for each loss of the server */
  constructor(position: StreamPosition | undefined, again: number, onLoss: () => void) {
    this.#position = position;
    this.#again = again;
    this.#onLoss = onLoss;
  }

  get position(): StreamPosition | undefined {
    return this.#position;
  }

  /** Nothing up to there is read. */
  goTo(position: StreamPosition): void {
    this.#position = position;
    this.#hasNew = true;
  }

  /** @param last the number of the last message that there is @returns the number from which on to read */
  next({ sequence }: StreamPosition, last: number): number {
    const isCut = sequence > last;
    if (isCut) this.#tell();
    // The last one that was read shows whether its number was given again.
    const back = !this.#hasNew ? this.#again : isCut || this.#hasPassedOver ? LOST_AT_MOST : 1;
    this.#hasPassedOver = false;
    this.#isFar = back > 1;
    return Math.max(Math.min(sequence, last) + 1 - back, 1);
  }

  take(created: string, sequence: number, heard: number): Taken {
    const place = this.#position ?? { sequence: 0, heard: 0 };
    const isBehind = sequence > place.sequence;
    if (!isBehind && heard <= place.heard) return this.#hasNew ? "known" : "again";
    if (!isBehind) {
      this.#tell();
      this.#hasPassedOver = !this.#isFar;
      if (this.#hasPassedOver) return "passed over";
    }
    this.#position = { created, sequence, heard: Math.max(heard, place.heard) };
    this.#hasNew = true;
    return "new";
  }

  #tell(): void {
    if (this.#toldOf === this.#position) return;
    this.#toldOf = this.#position;
    this.#onLoss();
  }
}
