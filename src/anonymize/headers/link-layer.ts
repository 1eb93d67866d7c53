/** What packets begin with, by the link type of their interface (https://www.tcpdump.org/linktypes.html). */
import { rewriteEtherType, rewriteIp, rewritePpp } from "./ether-types.ts";
import { rewriteEthernet } from "./ethernet.ts";
import type { Rewriting } from "./rewriting.ts";

const MAC = 6;
/** Hardware types (include/uapi/linux/if_arp.h) whose frames have no EtherType where a cooked header has one. */
const WITHOUT_ETHER_TYPE: ReadonlySet<number> = new Set([801, 802, 803, 824]);

/** Replaces the addresses of a packet. @returns where the kept bytes end: `at` for packets of other link types */
export function rewritePacket(rewriting: Rewriting, linkType: number, at: number, end: number): number {
  rewriting.wasCut = false;
  switch (linkType) {
    case 1:
      return rewriteEthernet(rewriting, at, end, 0);
    case 0:
    case 108:
      // An address family of the capturing host in four bytes, in its byte order or in network byte order.
      return at + 4 > end ? rewriting.cut(at) : rewriteIp(rewriting, at + 4, end, 0);
    case 9:
      return rewritePpp(rewriting, at, end, 0);
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
      return rewriteIp(rewriting, at, end, 0);
    case 113:
      return rewriteCooked(rewriting, { at, end, header: 16, hardware: 2, length: 5, address: 6, etherType: 14 });
    case 276:
      return rewriteCooked(rewriting, { at, end, header: 20, hardware: 8, length: 11, address: 12, etherType: 0 });
    default:
      return rewriting.cut(at);
  }
}

/** Offsets of the fields of a cooked header of Linux; the length of the address is below 256. */
interface CookedPacket {
  readonly at: number;
  readonly end: number;
  readonly header: number;
  readonly hardware: number;
  readonly length: number;
  readonly address: number;
  readonly etherType: number;
}

function rewriteCooked(rewriting: Rewriting, packet: CookedPacket): number {
  const { at, end } = packet;
  if (at + packet.header > end) return rewriting.cut(at);
  const address = at + packet.address;
  const isMac = rewriting.uint8(at + packet.length) === MAC;
  if (isMac) rewriting.mac(address);
  // The address of a tunnel is an IP address.
  rewriting.bytes.fill(0, isMac ? address + MAC : address, address + 8);
  if (WITHOUT_ETHER_TYPE.has(rewriting.uint16(at + packet.hardware))) return rewriting.cut(at + packet.header);
  return rewriteEtherType(rewriting, rewriting.uint16(at + packet.etherType), at + packet.header, end, 0);
}
