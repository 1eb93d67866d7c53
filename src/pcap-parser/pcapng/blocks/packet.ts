/** Packet Block, obsolete since the enhanced packet block: draft-ietf-opsawg-pcapng, appendix A. */
import type { PacketColumns } from "../../packet-columns.ts";
import type { PacketBlockReader } from "../packet-block-reader.ts";
import type { RawBlock } from "../raw-block.ts";
import { decodeTimedPacket, type EnhancedPacketBlock, readTimedPacket } from "./enhanced-packet.ts";

export const PACKET = 2;

const HEADER_LENGTH = 28;
const UNKNOWN_DROPS = 0xffff;

/** A packet as files before the enhanced packet block have it: draft-ietf-opsawg-pcapng, appendix A. */
export interface ObsoletePacketBlock extends Omit<EnhancedPacketBlock, "kind"> {
  readonly kind: "packet";
  /** Packets lost between this packet and the one before it; undefined where the block does not state it. */
  readonly dropCount: number | undefined;
}

/** Reads the fields of a block that was decoded, and thereby checked, before. */
export function readObsoletePacket(raw: RawBlock): ObsoletePacketBlock {
  const drops = raw.uint16(10);
  const dropCount = drops === UNKNOWN_DROPS ? undefined : drops;
  return { kind: "packet", raw, interfaceId: raw.uint16(8), dropCount, ...readTimedPacket(raw) };
}

/** Checks the block, and adds its packet to the columns. @throws CaptureFileError if its lengths do not fit */
export function decodePacketBlock(block: PacketBlockReader, columns: PacketColumns): void {
  block.require("a packet block", HEADER_LENGTH);
  decodeTimedPacket(block, columns, block.uint16(8));
}

/**
 * Returns how many packets were lost between the packet of a record and the one before it. It is undefined for records
 * that are no packet block, and where the block does not state it.
 *
 * @param record as CaptureCursor.record returns it
 */
export function packetBlockDropCount(record: Uint8Array, littleEndian: boolean): number | undefined {
  if (record.length < HEADER_LENGTH) return undefined;
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  if (view.getUint32(0, littleEndian) !== PACKET) return undefined;
  const drops = view.getUint16(10, littleEndian);
  return drops === UNKNOWN_DROPS ? undefined : drops;
}
