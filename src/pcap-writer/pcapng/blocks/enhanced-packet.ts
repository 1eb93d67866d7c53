/** Enhanced Packet Block: draft-ietf-opsawg-pcapng, section 4.3. */
import type { BlockBytes } from "../block-bytes.ts";
import { checkNumber, MOST_32, unsigned64 } from "../checks.ts";
import type { OptionLayouts } from "../option-layouts.ts";
import { type PcapngOptions, putOptions } from "../options.ts";
import { checkPacketData } from "../packet-data.ts";

/** A packet with its time and interface: draft-ietf-opsawg-pcapng, section 4.3. */
export interface PcapngEnhancedPacket {
  readonly kind: "enhanced-packet";
  /** The number of the interface within its section, from 0. */
  readonly interfaceId: number;
  /**
   * The time since the epoch in units of the interface (if_tsresol), with the seconds of its if_tsoffset subtracted.
   */
  readonly timestampUnits: bigint;
  /** Bytes of the packet on the wire. The default is the length of `data`. */
  readonly originalLength?: number | undefined;
  /** The captured bytes, of which there are at most 262144. */
  readonly data: Uint8Array;
  readonly options?: PcapngOptions | undefined;
}

export const ENHANCED_PACKET = 6;

export const EPB_FLAGS = 2;
export const EPB_HASH = 3;
export const EPB_DROPCOUNT = 4;
export const EPB_PACKETID = 5;
export const EPB_QUEUE = 6;
export const EPB_VERDICT = 7;
export const EPB_PROCESSID_THREADID = 8;

/**
 * The numbers that option values consist of. A verdict (epb_verdict) of TC or XDP is a byte for its kind and a number
 * of 64 bits.
 */
export const PACKET_LAYOUTS: OptionLayouts = {
  [EPB_FLAGS]: [4],
  [EPB_DROPCOUNT]: [8],
  [EPB_PACKETID]: [8],
  [EPB_QUEUE]: [4],
  [EPB_VERDICT]: [1, 8],
  [EPB_PROCESSID_THREADID]: [4, 4],
};

export function putEnhancedPacket(into: BlockBytes, block: PcapngEnhancedPacket): void {
  checkNumber("interfaceId", block.interfaceId, MOST_32);
  into.begin(ENHANCED_PACKET);
  into.uint32(block.interfaceId);
  putTimedPacket(into, block);
  into.end();
}

/** Adds the fields that an obsolete packet block has too: the time, the data and the options. */
export function putTimedPacket(into: BlockBytes, block: Omit<PcapngEnhancedPacket, "kind" | "interfaceId">): void {
  const { timestampUnits, data, originalLength = data.length, options } = block;
  checkPacketData(data, originalLength);
  into.time(unsigned64("timestampUnits", timestampUnits));
  into.uint32(data.length);
  into.uint32(originalLength);
  into.bytes(data);
  into.pad();
  putOptions(into, options, PACKET_LAYOUTS);
}
