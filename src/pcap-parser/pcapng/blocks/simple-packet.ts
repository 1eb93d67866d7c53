/** Simple Packet Block: draft-ietf-opsawg-pcapng, section 4.4. No time stamp, no options, always the first interface. */
import type { PacketColumns } from "../../packet-columns.ts";
import type { PacketBlockReader } from "../packet-block-reader.ts";
import type { RawBlock } from "../raw-block.ts";

export const SIMPLE_PACKET = 3;

const HEADER_LENGTH = 12;

export interface SimplePacketBlock {
  readonly kind: "simple-packet";
  readonly raw: RawBlock;
  /** Bytes of the packet on the wire, as the file claims. */
  readonly originalLength: number;
  /** The captured bytes. */
  readonly data: Uint8Array;
}

/** A block that was decoded before. @param captured bytes, which the block itself does not say */
export function readSimplePacket(raw: RawBlock, captured: number): SimplePacketBlock {
  const data = raw.bytes.subarray(HEADER_LENGTH, HEADER_LENGTH + captured);
  return { kind: "simple-packet", raw, originalLength: raw.uint32(8), data };
}

/** @throws CaptureFileError */
export function decodeSimplePacket(block: PacketBlockReader, columns: PacketColumns): void {
  block.require("a simple packet block", HEADER_LENGTH);
  const first = block.interfaceOf(0, 0);
  const original = block.uint32(8);
  // The block does not say how many bytes it holds: as many as the interface captures at most.
  const limit = first.snapshotLength;
  const captured = limit === 0 ? original : Math.min(original, limit);
  block.checkWholePacket(8, HEADER_LENGTH, captured);
  columns.add(block.start, block.length, HEADER_LENGTH, 0, 0, captured, original, 0);
  columns.withoutTime();
}
