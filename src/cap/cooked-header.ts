/**
 * The header that libpcap puts before packets of the device `any`, in place of their link-layer header
 * (LINKTYPE_LINUX_SLL: https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html).
 */
import { PACKET_DIRECTION_OUT } from "../generated/layouts.ts";
import type { CaptureInterface } from "../host/interfaces.ts";
import type { PacketCursor } from "../packets/packet-batch.ts";

const LENGTH = 16;
/** Bytes of a frame that say what is in this header. */
export const LOOKED_AT = 16;
const ETHERNET_ADDRESS_LENGTH = 6;
const ETHERNET_HEADER_LENGTH = 14;
/** Values below this one are the length of an 802.3 frame, in bytes: ETH_P_802_3_MIN of include/uapi/linux/if_ether.h. */
const TYPE_MIN = 0x0600;

/** Who a packet is for: PACKET_* of include/uapi/linux/if_packet.h. */
const PacketType = { HOST: 0, BROADCAST: 1, MULTICAST: 2, OTHER_HOST: 3, OUTGOING: 4 } as const;
/** Protocols of frames with a length: ETH_P_* of include/uapi/linux/if_ether.h. */
const NOVELL = 1;
const LOGICAL_LINK_CONTROL = 4;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;

/** Bytes by which a packet is longer with this header. */
export function cookedGrowth({ link }: CaptureInterface): number {
  return link.linkLayer === "ethernet" ? LENGTH - ETHERNET_HEADER_LENGTH : LENGTH;
}

/** @returns the packet with this header in place of its own */
export function cook(cursor: PacketCursor, target: CaptureInterface): Uint8Array {
  const { bytes, start, capturedLength, direction } = cursor;
  const frame = bytes.subarray(start, start + capturedLength);
  const cooked = Buffer.alloc(capturedLength + cookedGrowth(target));
  const isOutgoing = direction === PACKET_DIRECTION_OUT;
  cooked.writeUInt16BE(target.hardwareType, 2);
  if (target.link.linkLayer === "none") {
    cooked.writeUInt16BE(isOutgoing ? PacketType.OUTGOING : PacketType.HOST, 0);
    cooked.writeUInt16BE((frame[0] ?? 0) >> 4 === 6 ? IPV6 : IPV4, 14);
    cooked.set(frame, LENGTH);
    return cooked;
  }
  cooked.writeUInt16BE(isOutgoing ? PacketType.OUTGOING : typeOf(frame, target), 0);
  cooked.writeUInt16BE(ETHERNET_ADDRESS_LENGTH, 4);
  cooked.set(frame.subarray(ETHERNET_ADDRESS_LENGTH, 2 * ETHERNET_ADDRESS_LENGTH), 6);
  cooked.writeUInt16BE(protocolOf(frame), 14);
  cooked.set(frame.subarray(ETHERNET_HEADER_LENGTH), LENGTH);
  return cooked;
}

/** Who an incoming frame is for, as eth_type_trans() of net/ethernet/eth.c has it. */
function typeOf(frame: Uint8Array, { address, loopback }: CaptureInterface): number {
  const destination = frame.subarray(0, ETHERNET_ADDRESS_LENGTH);
  if (destination.every((byte) => byte === 0xff)) return PacketType.BROADCAST;
  if (((destination[0] ?? 0) & 1) !== 0) return PacketType.MULTICAST;
  return loopback || Buffer.from(destination).equals(address) ? PacketType.HOST : PacketType.OTHER_HOST;
}

function protocolOf(frame: Uint8Array): number {
  const typeOrLength = ((frame[12] ?? 0) << 8) | (frame[13] ?? 0);
  if (typeOrLength >= TYPE_MIN) return typeOrLength;
  return frame[14] === 0xff && frame[15] === 0xff ? NOVELL : LOGICAL_LINK_CONTROL;
}
