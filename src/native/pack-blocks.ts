/** Batches as the packet blocks of a pcapng file. */
import { addon } from "./addon.ts";

/** Whether the programs that see its packets are at XDP. */
export const IS_XDP = 1;
/** Whether its packets say which way they went. */
export const HAS_DIRECTIONS = 2;

/** The interface descriptions that stand in the file before the packets. */
export interface BlockInterfaces {
  /** For each, in their order: the interface's index, its traits (IS_XDP, HAS_DIRECTIONS) and its LINKTYPE_ number. */
  readonly words: Uint32Array;
  /** For each: packets that were laid out. packBlocks() adds to them. */
  readonly counts: Uint32Array;
}

export interface BlockOptions {
  /** Nanoseconds of the unit of time. */
  readonly unit: 1 | 1000;
  /** Whether checksums that the kernel left to the network card are completed, in the batch itself. */
  readonly repair: boolean;
}

export interface PacketBlocks {
  readonly blocks: Uint8Array;
  /** Packets of which a checksum was completed, or could not be. */
  readonly completed: number;
  readonly cut: number;
}

/**
 * Lays the first `count` records of a batch out as enhanced packet blocks (draft-ietf-opsawg-pcapng section 4.3) in this
 * machine's byte order.
 *
 * @param output with room for the captured bytes and BLOCK_OVERHEAD_MAX bytes for each packet, and once more that many
 * @param options `trailer`: bytes of the struct packet_process behind each record, or 0
 */
export function packBlocks(
  batch: Uint8Array,
  count: number,
  output: Uint8Array,
  options: BlockOptions & { trailer: number; interfaces: BlockInterfaces },
): PacketBlocks {
  const { trailer, interfaces, unit, repair } = options;
  const { words, counts } = interfaces;
  const { bytes, ...rest } = addon().packBlocks(batch, count, output, trailer, words, counts, unit, repair);
  return { blocks: output.subarray(0, bytes), ...rest };
}
