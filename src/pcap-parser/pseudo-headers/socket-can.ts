/** SocketCAN frames behind the headers of Linux cooked captures. Only their identifier is in host byte order. */
import { swap32 } from "./swap.ts";

/**
 * The protocol numbers LINUX_SLL_P_CAN and LINUX_SLL_P_CANFD, which are stored big-endian
 * (https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html).
 */
const CAN = 0x000c;
const CAN_FD = 0x000d;
const IDENTIFIER_LENGTH = 4;

/**
 * Turns the identifier of a SocketCAN frame.
 *
 * @param length bytes of the packet
 * @param protocol offset of the protocol field of the cooked header
 * @param headerLength bytes of the cooked header
 */
export function swapSocketCan(view: DataView, start: number, length: number, protocol: number, headerLength: number) {
  if (length < headerLength + IDENTIFIER_LENGTH) return;
  const type = view.getUint16(start + protocol, false);
  if (type === CAN || type === CAN_FD) swap32(view, start + headerLength);
}
