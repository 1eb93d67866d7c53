/** Layouts of options that were met: a small cache, in which a layout takes the place of another one. */
import { type Layout, OPTIONS_LENGTH } from "./layout.ts";

/** Places for each length of options in words, which the kind of what follows the first word chooses among. */
const WAYS = 8;
const LENGTHS = OPTIONS_LENGTH / 4 + 1;
const PLACES = LENGTHS * WAYS;
const WORDS = OPTIONS_LENGTH / 4;

export class KnownLayouts {
  /** What Layout says of each. */
  readonly hash = new Int32Array(PLACES);
  readonly check = new Int32Array(PLACES);
  readonly segmentSize = new Uint8Array(PLACES);
  readonly scale = new Uint8Array(PLACES);
  readonly times = new Uint8Array(PLACES);
  readonly #isKnown = new Uint8Array(PLACES);
  /** The kinds and lengths of a layout, and which bits they are. */
  readonly #constant = new Int32Array(PLACES * WORDS);
  readonly #mask = new Int32Array(PLACES * WORDS);

  /** @returns the place of the layout of these options, -1 where it is not known */
  find(view: DataView, start: number, end: number): number {
    const place = placeOf(view, start, end);
    if (this.#isKnown[place] === 0) return -1;
    const constant = this.#constant;
    const mask = this.#mask;
    for (let at = start, word = place * WORDS; at < end; at += 4, word++) {
      if ((view.getInt32(at) & (mask[word] ?? 0)) !== constant[word]) return -1;
    }
    return place;
  }

  /** Keeps the layout of the options that were not found. */
  learn(layout: Layout, view: DataView, start: number, end: number): void {
    if (!layout.isPlain) return;
    const place = placeOf(view, start, end);
    const bits = new DataView(layout.constant.buffer);
    for (let offset = 0, word = place * WORDS; offset < end - start; offset += 4, word++) {
      const mask = bits.getInt32(offset);
      this.#mask[word] = mask;
      this.#constant[word] = view.getInt32(start + offset) & mask;
    }
    this.hash[place] = layout.hash;
    this.check[place] = layout.check;
    this.segmentSize[place] = layout.segmentSize;
    this.scale[place] = layout.scale;
    this.times[place] = layout.times;
    this.#isKnown[place] = 1;
  }
}

function placeOf(view: DataView, start: number, end: number): number {
  const kind = end - start > 4 ? view.getUint8(start + 4) : 0;
  return ((end - start) >> 2) * WAYS + (kind & (WAYS - 1));
}
