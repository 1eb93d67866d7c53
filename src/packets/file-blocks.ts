/** What a pcapng file has beside the packets of a batch that was read from it. */
import type { CaptureBlock, PacketCaptureBlock } from "../pcap-parser/index.ts";

/**
 * In the order of the file: all blocks that are not packets, and of those that are the ones of the batch's packets. Gone through
 * once, while the batch is valid.
 */
export interface FileBlocks extends Iterable<CaptureBlock | PacketCaptureBlock> {
  /** LINKTYPE_ number of the packets. */
  readonly linkType: number;
  /** Whether the fields of the blocks are not those of the bytes that they were read from. */
  readonly isRewritten?: true;
}

export function isPacketBlock({ kind }: CaptureBlock | PacketCaptureBlock): boolean {
  return kind === "enhanced-packet" || kind === "simple-packet" || kind === "packet";
}
