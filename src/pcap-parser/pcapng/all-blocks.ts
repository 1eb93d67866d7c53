/** The blocks of a batch in the order of the file, packets among them. */
import type { FaultReporter } from "../capture-file-error.ts";
import type { CaptureBlock, PacketCaptureBlock } from "./block.ts";
import { ENHANCED_PACKET, readEnhancedPacket } from "./blocks/enhanced-packet.ts";
import { readObsoletePacket } from "./blocks/packet.ts";
import { readSimplePacket, SIMPLE_PACKET } from "./blocks/simple-packet.ts";
import { RawBlock } from "./raw-block.ts";

/** Steps through the packets of a batch, as CaptureCursor does. */
interface PacketSteps {
  readonly number: number;
  readonly fileOffset: number;
  readonly capturedLength: number;
  readonly record: Uint8Array;
  readonly section: { readonly littleEndian: boolean };
  next(): boolean;
}

export function* allBlocks(
  packet: PacketSteps,
  blocks: readonly CaptureBlock[],
  faults: FaultReporter,
): Generator<CaptureBlock | PacketCaptureBlock> {
  let more = packet.next();
  for (const block of blocks) {
    while (more && packet.number <= block.raw.packetsBefore) {
      yield packetBlock(packet, faults);
      more = packet.next();
    }
    yield block;
  }
  while (more) {
    yield packetBlock(packet, faults);
    more = packet.next();
  }
}

/** Returns the block of the packet that was stepped to. */
export function packetBlock(packet: Omit<PacketSteps, "next">, faults: FaultReporter): PacketCaptureBlock {
  const { record, section, fileOffset, number, capturedLength } = packet;
  const raw = new RawBlock(record, section.littleEndian, fileOffset, number - 1, faults);
  if (raw.type === ENHANCED_PACKET) return readEnhancedPacket(raw);
  return raw.type === SIMPLE_PACKET ? readSimplePacket(raw, capturedLength) : readObsoletePacket(raw);
}
