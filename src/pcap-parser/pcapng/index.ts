export type { CaptureBlock, PacketCaptureBlock } from "./block.ts";
export type { CustomBlock } from "./blocks/custom.ts";
export type { DecryptionSecretsBlock } from "./blocks/decryption-secrets.ts";
export {
  type EnhancedPacketBlock,
  type EnhancedPacketOptions,
  enhancedPacketOptions,
} from "./blocks/enhanced-packet.ts";
export type { InterfaceDescriptionBlock } from "./blocks/interface-description.ts";
export type { InterfaceStatisticsBlock } from "./blocks/interface-statistics.ts";
export type { NameRecord, NameResolutionBlock } from "./blocks/name-resolution.ts";
export { type ObsoletePacketBlock, packetBlockDropCount } from "./blocks/packet.ts";
export type { SectionHeaderBlock } from "./blocks/section-header.ts";
export type { SimplePacketBlock } from "./blocks/simple-packet.ts";
export type { SystemdJournalBlock } from "./blocks/systemd-journal.ts";
export type { UnknownBlock } from "./blocks/unknown.ts";
export { type BlockOption, BlockOptions } from "./options.ts";
export type { RawBlock } from "./raw-block.ts";
