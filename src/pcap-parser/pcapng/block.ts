/** The blocks of pcapng files as the parser yields them: draft-ietf-opsawg-pcapng, section 4. */
import type { CustomBlock } from "./blocks/custom.ts";
import type { DecryptionSecretsBlock } from "./blocks/decryption-secrets.ts";
import type { EnhancedPacketBlock } from "./blocks/enhanced-packet.ts";
import type { InterfaceDescriptionBlock } from "./blocks/interface-description.ts";
import type { InterfaceStatisticsBlock } from "./blocks/interface-statistics.ts";
import type { NameResolutionBlock } from "./blocks/name-resolution.ts";
import type { ObsoletePacketBlock } from "./blocks/packet.ts";
import type { SectionHeaderBlock } from "./blocks/section-header.ts";
import type { SimplePacketBlock } from "./blocks/simple-packet.ts";
import type { SystemdJournalBlock } from "./blocks/systemd-journal.ts";
import type { UnknownBlock } from "./blocks/unknown.ts";

/** The blocks that hold no packet. */
export type CaptureBlock =
  | SectionHeaderBlock
  | InterfaceDescriptionBlock
  | NameResolutionBlock
  | InterfaceStatisticsBlock
  | CustomBlock
  | DecryptionSecretsBlock
  | SystemdJournalBlock
  | UnknownBlock;

/** The blocks that hold a packet. */
export type PacketCaptureBlock = EnhancedPacketBlock | SimplePacketBlock | ObsoletePacketBlock;
