/** Packet Block, obsolete since the enhanced packet block: draft-ietf-opsawg-pcapng, appendix A. */
import { usageError } from "../../../errors.ts";
import type { BlockBytes } from "../block-bytes.ts";
import { checkNumber, MOST_16, unsigned64 } from "../checks.ts";
import { type PcapngOptions, putOptions } from "../options.ts";
import { checkPacketData } from "../packet-data.ts";
import { PACKET_LAYOUTS } from "./enhanced-packet.ts";

/** For copies of old files: new ones have enhanced packets. */
export interface PcapngPacketBlock {
  readonly kind: "packet";
  /** Of its section, from 0 to 65535. */
  readonly interfaceId: number;
  /** Packets lost before this one, less than 65535; undefined: not said. */
  readonly dropCount?: number | undefined;
  /** As of an enhanced packet. */
  readonly timestampUnits: bigint;
  readonly originalLength?: number | undefined;
  readonly data: Uint8Array;
  readonly options?: PcapngOptions | undefined;
}

const TYPE = 2;
const UNKNOWN_DROPS = 0xffff;

export function putPacket(into: BlockBytes, block: PcapngPacketBlock): void {
  const { interfaceId, timestampUnits, dropCount, data, originalLength = data.length, options } = block;
  checkNumber("interfaceId", interfaceId, MOST_16);
  checkNumber("dropCount", dropCount ?? UNKNOWN_DROPS, MOST_16);
  if (dropCount === UNKNOWN_DROPS) throw usageError("dropCount", `${dropCount} says that the number is not known`);
  checkPacketData(data, originalLength);
  into.begin(TYPE);
  into.uint16(interfaceId);
  into.uint16(dropCount ?? UNKNOWN_DROPS);
  into.time(unsigned64("timestampUnits", timestampUnits));
  into.uint32(data.length);
  into.uint32(originalLength);
  into.bytes(data);
  into.pad();
  putOptions(into, options, PACKET_LAYOUTS);
  into.end();
}
