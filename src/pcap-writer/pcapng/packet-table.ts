/**
 * Encodes many packets at once as enhanced packet blocks, without an object for each packet: draft-ietf-opsawg-pcapng,
 * section 4.3.
 */
import { usageError } from "../../errors.ts";
import { SNAPSHOT_LENGTH_MAX } from "../pcap-encoder.ts";
import { BLOCK_OVERHEAD, BlockBytes, type ByteOrder } from "./block-bytes.ts";
import { ENHANCED_PACKET, EPB_DROPCOUNT, EPB_FLAGS, EPB_QUEUE } from "./blocks/enhanced-packet.ts";

/** Numbers of 32 bits, one for each packet of a table. */
export type Column = Uint32Array;

/**
 * Packets as one column for each field. A packet has the same index in all columns. Columns may be longer than `count`.
 */
export interface PacketTable {
  /** Packets in the table. */
  readonly count: number;
  /** An array that holds the captured bytes of all packets. */
  readonly bytes: Uint8Array;
  /** Index in `bytes` of the packet's first byte. */
  readonly offset: Column;
  /** Captured bytes of the packet, at most 262144. */
  readonly capturedLength: Column;
  /** Bytes of the packet on the wire. */
  readonly originalLength: Column;
  /**
   * The upper 32 bits of the time in units of the interface, which are nanoseconds since the epoch by default.
   * `timestampLow` holds the lower 32 bits.
   */
  readonly timestampHigh: Column;
  /** The lower 32 bits of the time. */
  readonly timestampLow: Column;
  /** The numbers of the interfaces, as addInterface() returned them. */
  readonly interfaceId: Column;
  /** The bits of epb_flags: 1 is in, 2 is out. A packet with 0 gets no such option. */
  readonly flags?: Column | undefined;
  /** The queue of each packet (epb_queue). A packet with 0 gets the option too. */
  readonly queue?: Column | undefined;
  /** Packets lost between the packet and the one before it (epb_dropcount). A packet with 0 gets no such option. */
  readonly dropCount?: Column | undefined;
}

const FIXED_LENGTH = BLOCK_OVERHEAD + 20;
const DATA = 28;
const OPTION_HEADER = 4;
const OPTION_32 = OPTION_HEADER + 4;
const OPTION_64 = OPTION_HEADER + 8;
const MOST_OPTIONS = 2 * OPTION_32 + OPTION_64 + OPTION_HEADER;

/** Returns the most bytes that the block of one packet takes. */
export function mostPacketBytes(capturedLength: number): number {
  return FIXED_LENGTH + capturedLength + 3 + MOST_OPTIONS;
}

/**
 * Encodes all packets as blocks. They can be written as they are behind the interface descriptions of a section of that
 * byte order.
 *
 * @param into memory for the blocks, which grows where it is too small; by default it is new
 * @returns a view of the blocks
 * @throws RingcapError USAGE for a packet whose bytes are not within `bytes`
 */
export function encodePackets(
  table: PacketTable,
  into?: Uint8Array,
  byteOrder: ByteOrder = "little-endian",
): Uint8Array {
  checkTable(table);
  let most = 0;
  for (let row = 0; row < table.count; row++) most += mostPacketBytes(table.capturedLength[row] ?? 0);
  const target = new BlockBytes(byteOrder, into ?? Buffer.allocUnsafe(most));
  for (let row = 0; row < table.count; row++) putPacketRow(target, table, row);
  return target.take();
}

/** Checks the columns. @throws RingcapError USAGE for a column that is shorter than the table */
export function checkTable(table: PacketTable): void {
  for (const [name, column] of Object.entries(table)) {
    if (column instanceof Uint32Array && column.length < table.count) {
      throw usageError(name, `${column.length} numbers for ${table.count} packets`);
    }
  }
}

/** Adds the block of one packet. @throws RingcapError USAGE for a packet whose bytes are not within `bytes` */
export function putPacketRow(into: BlockBytes, table: PacketTable, row: number): void {
  const start = table.offset[row] ?? 0;
  const captured = table.capturedLength[row] ?? 0;
  if (captured > SNAPSHOT_LENGTH_MAX) {
    throw usageError(
      "capturedLength",
      `${captured} bytes in packet ${row}; readers take ${SNAPSHOT_LENGTH_MAX} at most`,
    );
  }
  if (start + captured > table.bytes.length) {
    throw usageError("offset", `packet ${row} ends at byte ${start + captured} of ${table.bytes.length}`);
  }
  const flags = table.flags?.[row] ?? 0;
  const queue = table.queue?.[row];
  const drops = table.dropCount?.[row] ?? 0;
  const padded = (captured + 3) & ~3;
  const some = flags !== 0 || queue !== undefined || drops !== 0;
  const options = some
    ? (flags === 0 ? 0 : OPTION_32) +
      (queue === undefined ? 0 : OPTION_32) +
      (drops === 0 ? 0 : OPTION_64) +
      OPTION_HEADER
    : 0;
  const total = FIXED_LENGTH + padded + options;
  const { littleEndian } = into;
  const block = into.reserveBlock(total);
  const { view } = into;
  view.setUint32(block, ENHANCED_PACKET, littleEndian);
  view.setUint32(block + 4, total, littleEndian);
  view.setUint32(block + 8, table.interfaceId[row] ?? 0, littleEndian);
  view.setUint32(block + 12, table.timestampHigh[row] ?? 0, littleEndian);
  view.setUint32(block + 16, table.timestampLow[row] ?? 0, littleEndian);
  view.setUint32(block + 20, captured, littleEndian);
  view.setUint32(block + 24, table.originalLength[row] ?? 0, littleEndian);
  let at = block + DATA + padded;
  if (padded !== captured) view.setUint32(at - 4, 0);
  into.copy(block + DATA, table.bytes, start, captured);
  if (some) {
    if (flags !== 0) at = putOption32(view, at, EPB_FLAGS, flags, littleEndian);
    if (drops !== 0) at = putOption64(view, at, EPB_DROPCOUNT, drops, littleEndian);
    if (queue !== undefined) at = putOption32(view, at, EPB_QUEUE, queue, littleEndian);
    view.setUint32(at, 0);
    at += OPTION_HEADER;
  }
  view.setUint32(at, total, littleEndian);
}

function putOption32(view: DataView, at: number, code: number, value: number, littleEndian: boolean): number {
  view.setUint16(at, code, littleEndian);
  view.setUint16(at + 2, 4, littleEndian);
  view.setUint32(at + 4, value, littleEndian);
  return at + OPTION_32;
}

/** Writes an option whose value is a number of 32 bits in a place of 64. */
function putOption64(view: DataView, at: number, code: number, value: number, littleEndian: boolean): number {
  view.setUint16(at, code, littleEndian);
  view.setUint16(at + 2, 8, littleEndian);
  view.setUint32(at + (littleEndian ? 4 : 8), value, littleEndian);
  view.setUint32(at + (littleEndian ? 8 : 4), 0);
  return at + OPTION_64;
}
