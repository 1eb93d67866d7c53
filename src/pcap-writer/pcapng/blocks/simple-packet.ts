/** Simple Packet Block: draft-ietf-opsawg-pcapng, section 4.4. */
import type { BlockBytes } from "../block-bytes.ts";
import { checkPacketData } from "../packet-data.ts";

/** A packet of the section's first interface, without a time. */
export interface PcapngSimplePacket {
  readonly kind: "simple-packet";
  /** Bytes of the packet on the wire. The default is the length of `data`. */
  readonly originalLength?: number | undefined;
  /**
   * The captured bytes. The block does not state how many there are. Readers take the original length or the snapshot
   * length of the interface, whichever is less.
   */
  readonly data: Uint8Array;
}

const TYPE = 3;

export function putSimplePacket(into: BlockBytes, block: PcapngSimplePacket): void {
  const { data, originalLength = data.length } = block;
  checkPacketData(data, originalLength);
  into.begin(TYPE);
  into.uint32(originalLength);
  into.bytes(data);
  into.pad();
  into.end();
}
