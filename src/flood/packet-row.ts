/** Packets in a row: enhanced packet blocks that lie one behind the other. They are looked at here, and never parsed. */
import { PACKET_BLOCK } from "../generated/layouts.ts";
import { wholeBlocks } from "../pcap-writer/index.ts";

export interface PacketRow {
  readonly bytes: Uint8Array;
  readonly packets: number;
}

/** Returns the time of the block that begins at the offset, in nanoseconds since the epoch. */
function timeAt(view: DataView, offset: number): bigint {
  const high = BigInt(view.getUint32(offset + PACKET_BLOCK.timestampHigh, true));
  return (high << 32n) | BigInt(view.getUint32(offset + PACKET_BLOCK.timestampLow, true));
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Returns the time of the first packet. */
export function firstTime(row: Uint8Array): bigint {
  return timeAt(viewOf(row), 0);
}

/** Returns the time of the last packet, which the length at the end of its block leads to. */
export function lastTime(row: Uint8Array): bigint {
  const view = viewOf(row);
  return timeAt(view, row.length - view.getUint32(row.length - 4, true));
}

/** Returns the row without the packets at its beginning that are older than a time. */
export function rowFrom({ bytes, packets }: PacketRow, time: bigint): PacketRow {
  const view = viewOf(bytes);
  let [start, left] = [0, packets];
  while (left > 0 && timeAt(view, start) < time) {
    start += view.getUint32(start + PACKET_BLOCK.totalLength, true);
    left--;
  }
  return { bytes: bytes.subarray(start), packets: left };
}

/** Returns the packets at the beginning of the row that have room in so many bytes. */
export function rowUpTo(row: PacketRow, room: number): PacketRow {
  if (row.bytes.length <= room) return row;
  const { packets, bytes } = wholeBlocks(row.bytes, Math.max(0, room));
  return { packets, bytes: row.bytes.subarray(0, bytes) };
}
