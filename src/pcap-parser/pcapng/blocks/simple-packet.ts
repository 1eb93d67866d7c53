/** Simple Packet Block: draft-ietf-opsawg-pcapng, section 4.4. No time stamp, no options, always the first interface. */
import type { PacketColumns } from "../../packet-columns.ts";
import type { PacketBlockReader } from "../packet-block-reader.ts";

export const SIMPLE_PACKET = 3;

const HEADER_LENGTH = 12;

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
