/** How many bytes a second all matching packets would take in a file, whatever of them is recorded. */

/** Seconds between two measurements, and between those of a flood that would fill its room meanwhile. */
const MEASURE_SECONDS = 0.2;
const LEAST_SECONDS = 0.01;

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
   * @param elapsed seconds of a clock that never steps @param room bytes beyond which they are measured sooner
   * @returns whether the rate was measured anew
   */
  look(elapsed: number, matched: number, room: number): boolean {
    const last = this.#last;
    const { bytes, packets } = this.#arrived;
    if (packets > 0) this.#packetBytes = bytes / packets;
    if (last !== undefined) {
      const isUrgent = this.#packetBytes * (matched - last.matched) > room;
      if (elapsed - last.elapsed < (isUrgent ? LEAST_SECONDS : MEASURE_SECONDS)) return false;
    }
    this.#last = { elapsed, matched };
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
