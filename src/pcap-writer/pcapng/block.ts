/**
 * The type of all blocks, and their encoding. The blocks of ringcap/pcap-parser have the same kinds and fields, so that
 * what was read can be written.
 */

import { usageError } from "../../errors.ts";
import { BlockBytes, type ByteOrder } from "./block-bytes.ts";
import { type PcapngCustomBlock, putCustom } from "./blocks/custom.ts";
import { type PcapngDecryptionSecrets, putDecryptionSecrets } from "./blocks/decryption-secrets.ts";
import { type PcapngEnhancedPacket, putEnhancedPacket } from "./blocks/enhanced-packet.ts";
import { type PcapngInterfaceDescription, putInterfaceDescription } from "./blocks/interface-description.ts";
import { type PcapngInterfaceStatistics, putInterfaceStatistics } from "./blocks/interface-statistics.ts";
import { type PcapngNameResolution, putNameResolution } from "./blocks/name-resolution.ts";
import { type PcapngPacketBlock, putPacket } from "./blocks/packet.ts";
import { type PcapngSectionHeader, putSectionHeader } from "./blocks/section-header.ts";
import { type PcapngSimplePacket, putSimplePacket } from "./blocks/simple-packet.ts";
import { type PcapngSystemdJournal, putSystemdJournal } from "./blocks/systemd-journal.ts";
import { type PcapngUnknownBlock, putUnknown } from "./blocks/unknown.ts";

/** A block of a pcapng file, by its kind. */
export type PcapngBlock =
  | PcapngSectionHeader
  | PcapngInterfaceDescription
  | PcapngEnhancedPacket
  | PcapngSimplePacket
  | PcapngPacketBlock
  | PcapngNameResolution
  | PcapngInterfaceStatistics
  | PcapngDecryptionSecrets
  | PcapngSystemdJournal
  | PcapngCustomBlock
  | PcapngUnknownBlock;

type Put = { readonly [Kind in PcapngBlock["kind"]]: (into: BlockBytes, block: PcapngBlockOf<Kind>) => void };
type PcapngBlockOf<Kind> = Extract<PcapngBlock, { readonly kind: Kind }>;

const PUT: Put = {
  "section-header": putSectionHeader,
  "interface-description": putInterfaceDescription,
  "enhanced-packet": putEnhancedPacket,
  "simple-packet": putSimplePacket,
  packet: putPacket,
  "name-resolution": putNameResolution,
  "interface-statistics": putInterfaceStatistics,
  "decryption-secrets": putDecryptionSecrets,
  "systemd-journal": putSystemdJournal,
  custom: putCustom,
  unknown: putUnknown,
};

/**
 * Returns the bytes of one block. It does not check whether the section has the interface that the block refers to;
 * PcapngWriter.writeBlock() checks that.
 *
 * @param byteOrder the byte order of the block; a section header that has a `byteOrder` of its own is encoded in that
 *   one
 * @throws RingcapError USAGE for a value that a block cannot hold
 */
export function encodeBlock(block: PcapngBlock, byteOrder: ByteOrder = "little-endian"): Uint8Array {
  const bytes = new BlockBytes(byteOrder);
  putBlock(bytes, block);
  return bytes.take();
}

/**
 * Adds a block. Where that fails, nothing is added.
 *
 * @throws RingcapError USAGE for a value that a block cannot hold
 */
export function putBlock(into: BlockBytes, block: PcapngBlock): void {
  const { length, littleEndian } = into;
  try {
    if (!Object.hasOwn(PUT, block.kind)) throw usageError("kind", `there is no block of the kind "${block.kind}"`);
    (PUT[block.kind] as (into: BlockBytes, block: PcapngBlock) => void)(into, block);
  } catch (error) {
    into.cut(length);
    into.littleEndian = littleEndian;
    throw error;
  }
}
