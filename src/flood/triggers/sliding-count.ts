/** How much a counter grew in the last second, whenever it was looked at. */

interface Look {
  readonly elapsed: number;
  readonly total: number;
}

const WINDOW_SECONDS = 1;

/**
 * Between two looks the counter is taken to have grown evenly. What it grew by within the first second counts as it is,
 * so that a flood exceeds a rate as soon as enough packets are there, and not only after a second.
 */
export class SlidingCount {
  /** The looks of the last second and the one before them, the oldest first. */
  readonly #looks: Look[] = [];

  /** @param elapsed seconds, never less than before @param total which begins anew where it is less than before */
  add(elapsed: number, total: number): void {
    const looks = this.#looks;
    const last = looks.at(-1);
    if (last !== undefined && total < last.total) looks.length = 0;
    looks.push({ elapsed, total });
    const begin = elapsed - WINDOW_SECONDS;
    const inside = looks.findIndex((look) => look.elapsed > begin);
    if (inside > 1) looks.splice(0, inside - 1);
  }

  /** The growth in the second before the last look. */
  get lastSecond(): number {
    const [first, second] = this.#looks;
    const last = this.#looks.at(-1);
    if (first === undefined || second === undefined || last === undefined) return 0;
    const before = Math.max(0, last.elapsed - WINDOW_SECONDS - first.elapsed);
    const width = second.elapsed - first.elapsed;
    const part = width > 0 ? Math.min(1, before / width) : 0;
    return last.total - (first.total + part * (second.total - first.total));
  }
}
