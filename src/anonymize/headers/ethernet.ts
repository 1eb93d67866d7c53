/** Frames of Ethernet. */
import { ETHER_TYPE, rewriteEtherType } from "./ether-types.ts";
import { MOST_DEPTH } from "./ip-protocols.ts";
import type { Rewriting } from "./rewriting.ts";

const MAC = 6;
const TYPE = 12;
const HEADER = 14;
const TAG = 4;

const IPV4_DESTINATION = 16;
const IPV6_DESTINATION = 24;

/** @returns where the kept bytes end */
export function rewriteEthernet(rewriting: Rewriting, at: number, end: number, depth: number): number {
  if (depth > MOST_DEPTH || at + HEADER > end) return rewriting.cut(at);
  const isGroup = isGroupOfIp(rewriting, at);
  rewriting.mac(at);
  rewriting.mac(at + MAC);
  const keptEnd = rewriteEtherType(rewriting, rewriting.uint16(at + TYPE), at + HEADER, end, depth);
  if (isGroup) putGroup(rewriting, at, keptEnd);
  return keptEnd;
}

/** Whether the frame goes to the group of a multicast address (RFC 1112 section 6.4 and RFC 2464 section 7). */
function isGroupOfIp(rewriting: Rewriting, at: number): boolean {
  const start = rewriting.uint16(at);
  return start === 0x3333 || (start === 0x0100 && rewriting.uint8(at + 2) === 0x5e);
}

/** Makes the group of a frame from the address that the packet in it has by then. */
function putGroup(rewriting: Rewriting, at: number, end: number): void {
  let type = at + TYPE;
  for (; isTag(rewriting.uint16(type)) && type + TAG + 2 <= end; type += TAG);
  const packet = type + 2;
  const { bytes } = rewriting;
  if (rewriting.uint16(at) === 0x3333) {
    const address = packet + IPV6_DESTINATION;
    const isGroup =
      rewriting.uint16(type) === ETHER_TYPE.ipv6 && address + 16 <= end && rewriting.uint8(address) === 0xff;
    if (isGroup) bytes.copyWithin(at + 2, address + 12, address + 16);
    return;
  }
  const address = packet + IPV4_DESTINATION;
  const isGroup =
    rewriting.uint16(type) === ETHER_TYPE.ipv4 && address + 4 <= end && rewriting.uint8(address) >>> 4 === 0xe;
  if (!isGroup) return;
  bytes.copyWithin(at + 3, address + 1, address + 4);
  bytes[at + 3] = rewriting.uint8(at + 3) & 0x7f;
}

function isTag(type: number): boolean {
  return type === ETHER_TYPE.tag || type === ETHER_TYPE.serviceTag || type === ETHER_TYPE.olderServiceTag;
}
