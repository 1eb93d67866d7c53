/**
 * Finds the addresses of the outermost IP headers of a batch, so that those which are new are mapped by few calls of the
 * cipher. What it misses is mapped one by one.
 */
import type { PacketCursor } from "../packets/packet-batch.ts";
import type { Anonymizer } from "./anonymizer.ts";

const WORDS = 4;
/** Where IP is in most packets of a link type. */
const OFFSETS: ReadonlyMap<number, number> = new Map([
  [0, 4],
  [1, 14],
  [108, 4],
  [113, 16],
  [276, 20],
]);
const ETHERNET = 1;
const TAG = 4;
const TAG_TYPE = 0x8100;

const IPV4 = { header: 20, addresses: 12 };
const IPV6 = { header: 40, addresses: 8 };

export class PreparedAddresses {
  readonly #anonymizer: Anonymizer;
  #found = { 4: new Uint32Array(0), 6: new Uint32Array(0) };

  constructor(anonymizer: Anonymizer) {
    this.#anonymizer = anonymizer;
  }

  /** @param count of the packets that the cursor steps through */
  prepare(cursor: PacketCursor, linkType: number, count: number): void {
    const room = count * 2 * WORDS;
    if (this.#found[4].length < room) this.#found = { 4: new Uint32Array(room), 6: new Uint32Array(room) };
    const { 4: found4, 6: found6 } = this.#found;
    const offset = OFFSETS.get(linkType) ?? 0;
    const { bytes } = cursor;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let count4 = 0;
    let count6 = 0;
    while (cursor.next()) {
      const end = cursor.start + cursor.capturedLength;
      let at = cursor.start + offset;
      if (linkType === ETHERNET && at + TAG <= end && view.getUint16(at - 2) === TAG_TYPE) at += TAG;
      if (at >= end) continue;
      const version = (bytes[at] ?? 0) >>> 4;
      if (version === 4 && at + IPV4.header <= end) {
        for (let address = at + IPV4.addresses; address < at + IPV4.header; address += 4) {
          found4[count4++ * WORDS] = view.getUint32(address);
        }
      } else if (version === 6 && at + IPV6.header <= end) {
        for (let word = at + IPV6.addresses; word < at + IPV6.header; word += 4)
          found6[count6++] = view.getUint32(word);
      }
    }
    this.#anonymizer.prepare(4, found4, count4);
    this.#anonymizer.prepare(6, found6, count6 / WORDS);
  }
}
