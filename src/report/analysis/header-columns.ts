/**
 * The headers of some hundred packets, one array for each field, so that the analyses walk over arrays and make no object
 * for a packet. One object serves for all packets, one portion after the other.
 */
import { ColumnArrays, MOST_PACKETS } from "./column-arrays.ts";
import { findNetwork } from "./link-headers.ts";
import { decodeNetwork } from "./network-headers.ts";
import { CLASS_NOT_IP } from "./packet-class.ts";

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
    const { place } = this;
    this.clear();
    const { bytes } = cursor;
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    let count = 0;
    while (count < MOST_PACKETS && cursor.next()) {
      const { start } = cursor;
      const end = start + cursor.capturedLength;
      this.seconds[count] = cursor.seconds;
      this.nanoseconds[count] = cursor.nanoseconds;
      this.hasTime[count] = traits.hasTime(cursor) ? 1 : 0;
      this.capturedLength[count] = cursor.capturedLength;
      this.originalLength[count] = cursor.originalLength;
      this.headerEnd[count] = end;
      findNetwork(place, bytes, start, end, traits.linkTypeOf(cursor));
      this.networkHeader[count] = Math.min(place.offset, end);
      this.transport[count] = end;
      this.framing[count] = place.framing;
      if (place.etherType !== 0) {
        const ends = start + Math.max(cursor.originalLength, cursor.capturedLength);
        decodeNetwork(this, count, place.offset, end, ends);
      } else {
        this.packetClass[count] = CLASS_NOT_IP;
        if (place.isCut) this.markCut(count);
      }
      count++;
    }
    this.count = count;
    return count > 0;
  }
}
