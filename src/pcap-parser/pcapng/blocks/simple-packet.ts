/**
 * Simple Packet Block: draft-ietf-opsawg-pcapng, section 4.4. It has no time stamp and no options, and belongs to the
 * section's first interface.
 */
import type { PacketColumns } from "../../packet-columns.ts";
import type { PacketBlockReader } from "../packet-block-reader.ts";
import type { RawBlock } from "../raw-block.ts";

export const SIMPLE_PACKET = 3;

const HEADER_LENGTH = 12;

/** A packet of the section's first interface, without a time: draft-ietf-opsawg-pcapng, section 4.4. */
export interface SimplePacketBlock {
  readonly kind: "simple-packet";
  readonly raw: RawBlock;
  /** Bytes of the packet on the wire, as the file states. */
  readonly originalLength: number;
  /** The captured bytes. */
  readonly data: Uint8Array;
}

/**
 * Reads the fields of a block that was decoded, and thereby checked, before.
 *
 * @param captured bytes of the packet that the block holds, which the block itself does not state
 */
export function readSimplePacket(raw: RawBlock, captured: number): SimplePacketBlock {
  const data = raw.bytes.subarray(HEADER_LENGTH, HEADER_LENGTH + captured);
  return { kind: "simple-packet", raw, originalLength: raw.uint32(8), data };
}

/** Checks the block, and adds its packet to the columns. @throws CaptureFileError if its lengths do not fit */
export function decodeSimplePacket(block: PacketBlockReader, columns: PacketColumns): void {
  block.require("a simple packet block", HEADER_LENGTH);
  const first = block.interfaceOf(0, 0);
  const original = block.uint32(8);
  // The block does not state how many bytes of the packet it holds. They are at most as many as the interface captures.
  const limit = first.snapshotLength;
  const captured = limit === 0 ? original : Math.min(original, limit);
  block.checkWholePacket(8, HEADER_LENGTH, captured);
  columns.add(block.start, block.length, HEADER_LENGTH, 0, 0, captured, original, 0);
  columns.withoutTime();
}
