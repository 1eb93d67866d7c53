/**
 * The hash of a SYN's options: over the kind and the length of each, and over its value where a sender always sends the
 * same. It tells apart what readOptions() tells apart.
 *
 * Most SYNs have options that came before, with other values. Such options are compared word by word, and not walked through.
 */
import { KnownLayouts } from "./known-layouts.ts";
import { Layout } from "./layout.ts";

/** One object serves for all packets. */
export class OptionHash {
  /** Both halves of 64 bits, signed, over kinds and lengths. */
  hash = 0;
  check = 0;
  /** The segment size in the upper half, the scale in the next byte, and in the lowest one which timestamps are 0. */
  values = 0;
  readonly #known = new KnownLayouts();
  readonly #layout = new Layout();

  /** @param view on the bytes @param end of the options that were captured @param isCut whether there are more */
  read(bytes: Uint8Array, view: DataView, start: number, end: number, isCut: boolean): void {
    const known = this.#known;
    const place = isCut ? -1 : known.find(view, start, end);
    if (place >= 0) {
      this.hash = known.hash[place] ?? 0;
      this.check = known.check[place] ?? 0;
      const segmentSize = known.segmentSize[place] ?? 0;
      const scale = known.scale[place] ?? 0;
      this.values = valuesOf(view, start, segmentSize, scale, known.times[place] ?? 0);
      return;
    }
    const layout = this.#layout;
    layout.walk(bytes, start, end, isCut);
    if (!isCut) known.learn(layout, view, start, end);
    this.hash = layout.hash;
    this.check = layout.check;
    this.values = valuesOf(view, start, layout.segmentSize, layout.scale, layout.times);
  }
}

/** The offsets are those of Layout. */
function valuesOf(view: DataView, start: number, segmentSize: number, scale: number, times: number): number {
  let values = segmentSize === 0 ? 0 : view.getUint16(start + segmentSize) << 16;
  if (scale !== 0) values |= view.getUint8(start + scale) << 8;
  if (times !== 0 && view.getInt32(start + times) === 0) values |= 1;
  if (times !== 0 && view.getInt32(start + times + 4) === 0) values |= 2;
  return values;
}
