export { encodeBlock, type PcapngBlock } from "./block.ts";
export type { ByteOrder } from "./block-bytes.ts";
export type { PcapngCustomBlock } from "./blocks/custom.ts";
export { type PcapngDecryptionSecrets, SECRETS_TYPES } from "./blocks/decryption-secrets.ts";
export type { PcapngEnhancedPacket } from "./blocks/enhanced-packet.ts";
export type { PcapngInterfaceDescription } from "./blocks/interface-description.ts";
export type { PcapngInterfaceStatistics, StatisticsFields } from "./blocks/interface-statistics.ts";
export type {
  NameResolutionFields,
  PcapngNameRecord,
  PcapngNameResolution,
  PcapngNames,
} from "./blocks/name-resolution.ts";
export type { PcapngPacketBlock } from "./blocks/packet.ts";
export type { PcapngSectionHeader, SectionFields } from "./blocks/section-header.ts";
export type { PcapngSimplePacket } from "./blocks/simple-packet.ts";
export type { PcapngSystemdJournal } from "./blocks/systemd-journal.ts";
export type { PcapngUnknownBlock } from "./blocks/unknown.ts";
export type { PcapngInterface } from "./interface-options.ts";
export { addOptions, type OptionPart, type PcapngOption, type PcapngOptions } from "./options.ts";
export type { PacketHash, PacketVerdict, PcapngPacket } from "./packet-options.ts";
export { encodePackets, type PacketTable } from "./packet-table.ts";
export { PcapngBlockWriter, type PcapngRawBlock, type WriteBytes } from "./pcapng-block-writer.ts";
export { PcapngWriter, type PcapngWriterOptions } from "./pcapng-writer.ts";
export { wholeBlocks } from "./whole-blocks.ts";
