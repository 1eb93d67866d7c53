/** How many bytes a second all matching packets would take in a file, whatever of them is recorded. */

/** Seconds between two measurements. */
const MEASURE_SECONDS = 0.2;

export class ArrivalRate {
  /** Bytes a second. */
  bytesPerSecond = 0;
  #last: { elapsed: number; matched: number } | undefined;
  /** Bytes of a packet in the last measurement with packets. */
  #packetBytes = 0;
  #arrived = { bytes: 0, packets: 0 };

  /** Notes packets that were recorded. */
  note(bytes: number, packets: number): void {
    this.#arrived.bytes += bytes;
    this.#arrived.packets += packets;
  }

  /**
   * Looks at the number of packets that have matched so far.
   *
   * @param elapsed seconds of a clock that never steps @returns whether the rate was measured anew
   */
  look(elapsed: number, matched: number): boolean {
    const last = this.#last;
    if (last !== undefined && elapsed - last.elapsed < MEASURE_SECONDS) return false;
    this.#last = { elapsed, matched };
    const { bytes, packets } = this.#arrived;
    if (packets > 0) this.#packetBytes = bytes / packets;
    this.#arrived = { bytes: 0, packets: 0 };
    if (last === undefined) return false;
    this.bytesPerSecond = (this.#packetBytes * (matched - last.matched)) / (elapsed - last.elapsed);
    return true;
  }

  /** Another capture follows, which counts from 0. */
  reset(): void {
    this.#last = undefined;
    this.bytesPerSecond = 0;
  }
}
