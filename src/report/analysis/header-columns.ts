/**
 * The headers of some hundred packets, one array for each field, so that the analyses walk over arrays and make no object
 * for a packet. One object serves for all packets, one portion after the other.
 */
import { ColumnArrays, MOST_PACKETS } from "./column-arrays.ts";
import { findRuns } from "./flow-runs.ts";
import { ETHERNET, findNetwork } from "./link-headers.ts";
import { decodeNetwork } from "./network-headers.ts";
import { CLASS_NOT_IP } from "./packet-class.ts";
import { decodePlainTcp } from "./plain-tcp.ts";

export { MOST_PACKETS };

/** What the cursors of live captures, replays and files have in common. */
interface Steps {
  readonly bytes: Uint8Array;
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly capturedLength: number;
  readonly originalLength: number;
  readonly start: number;
  next(): boolean;
}

/** What not all cursors tell in the same way. */
export interface CursorTraits<Cursor> {
  /** LINKTYPE_ number of the packet that the cursor is at. */
  linkTypeOf(cursor: Cursor): number;
  hasTime(cursor: Cursor): boolean;
}

export class HeaderColumns extends ColumnArrays {
  /** Fills the columns with the next packets. @returns whether there were any */
  fill<Cursor extends Steps>(cursor: Cursor, traits: CursorTraits<Cursor>): boolean {
    this.clear();
    const { bytes } = cursor;
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    let count = 0;
    while (count < MOST_PACKETS && cursor.next()) {
      const { start, capturedLength, originalLength } = cursor;
      const end = start + capturedLength;
      this.seconds[count] = cursor.seconds;
      this.nanoseconds[count] = cursor.nanoseconds;
      this.hasTime[count] = traits.hasTime(cursor) ? 1 : 0;
      this.capturedLength[count] = capturedLength;
      this.originalLength[count] = originalLength;
      const linkType = traits.linkTypeOf(cursor);
      if (linkType !== ETHERNET || !decodePlainTcp(this, count, start, end)) {
        this.#decode(count, start, end, linkType, start + Math.max(originalLength, capturedLength));
      }
      count++;
    }
    this.count = count;
    findRuns(this);
    return count > 0;
  }

  /** @param end of the captured bytes @param ends the end that the packet had before it was cut */
  #decode(index: number, start: number, end: number, linkType: number, ends: number): void {
    const { place } = this;
    findNetwork(place, this.bytes, start, end, linkType);
    this.headerEnd[index] = end;
    this.networkHeader[index] = Math.min(place.offset, end);
    this.transport[index] = end;
    this.framing[index] = place.framing;
    if (place.etherType !== 0) {
      decodeNetwork(this, index, place.offset, end, ends);
    } else {
      this.packetClass[index] = CLASS_NOT_IP;
      if (place.isCut) this.markCut(index);
    }
  }
}
