/** Packet Block, obsolete since the enhanced packet block: draft-ietf-opsawg-pcapng, appendix A. */
import { usageError } from "../../../errors.ts";
import type { BlockBytes } from "../block-bytes.ts";
import { checkNumber, MOST_16 } from "../checks.ts";
import { type PcapngEnhancedPacket, putTimedPacket } from "./enhanced-packet.ts";

/** A packet block serves to copy an old file. New files have enhanced packet blocks. */
export interface PcapngPacketBlock extends Omit<PcapngEnhancedPacket, "kind"> {
  readonly kind: "packet";
  /** The number of the interface within its section, at most 65535. */
  readonly interfaceId: number;
  /** Packets lost before this packet, less than 65535. Where it is undefined, the block makes no statement about it. */
  readonly dropCount?: number | undefined;
}

const TYPE = 2;
const UNKNOWN_DROPS = 0xffff;

export function putPacket(into: BlockBytes, block: PcapngPacketBlock): void {
  const { interfaceId, dropCount = UNKNOWN_DROPS } = block;
  checkNumber("interfaceId", interfaceId, MOST_16);
  checkNumber("dropCount", dropCount, MOST_16);
  if (block.dropCount === UNKNOWN_DROPS)
    throw usageError("dropCount", `${dropCount} says that the number is not known`);
  into.begin(TYPE);
  into.uint16(interfaceId);
  into.uint16(dropCount);
  putTimedPacket(into, block);
  into.end();
}
