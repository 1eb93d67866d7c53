/** Ethernet II and IEEE 802.3 frames, with VLAN tags (IEEE 802.1Q, 802.1ad). */
import { formatHardwareAddress } from "../../pcap-parser/index.ts";
import { etherTypeText } from "./ether-type-names.ts";
import { printBytes } from "./hex-dump.ts";
import type { Line } from "./line.ts";
import { printLlc } from "./llc.ts";

const HEADER_LENGTH = 14;
const TAG_LENGTH = 4;
const LARGEST_LENGTH_FIELD = 1500;
/** The types of VLAN tags: 802.1Q, 802.1ad, and two that were in use before 802.1ad. */
const TAG_TYPES: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100, 0x9200]);

export function isTag(etherType: number): boolean {
  return TAG_TYPES.has(etherType);
}

/** Prints what the frame carries, and before it, with -e, `02:…:01 > 02:…:02, ethertype IPv4 (0x0800), length 60: `. */
export function printEthernet(line: Line, at: number, length: number): void {
  line.protocol = "ether";
  if (length < HEADER_LENGTH) return line.mark();
  line.need(at, HEADER_LENGTH);
  printTyped(line, at + 12, length - 12, length, addressesText(line, at));
}

export function addressesText(line: Line, at: number): string {
  return `${formatHardwareAddress(line.bytes, at + 6)} > ${formatHardwareAddress(line.bytes, at)}`;
}

/**
 * Prints what follows the addresses.
 *
 * @param at offset of the EtherType, or of the length of an 802.3 frame
 * @param rest bytes on the wire from `at` on
 * @param whole bytes of the frame
 */
export function printTyped(line: Line, at: number, rest: number, whole: number, addresses: string): void {
  const { linkHeader } = line.flags;
  if (linkHeader) line.add(`${addresses}, `);
  let type = line.u16(at);
  let next = at + 2;
  let left = rest - 2;
  let isLengthPrinted = false;
  while (TAG_TYPES.has(type)) {
    line.protocol = "vlan";
    if (left < TAG_LENGTH) return line.mark();
    line.need(next, TAG_LENGTH);
    const control = line.u16(next);
    const inner = line.u16(next + 2);
    if (linkHeader) {
      line.add(`ethertype ${etherTypeText(type)}, ${isLengthPrinted ? "" : `length ${whole}: `}${vlanText(control)}, `);
      isLengthPrinted = true;
    }
    type = inner;
    next += TAG_LENGTH;
    left -= TAG_LENGTH;
  }

  if (type <= LARGEST_LENGTH_FIELD) {
    if (linkHeader) line.add(`802.3, length ${type}: `);
    // The frame may be padded behind the bytes that the length field states.
    const stated = Math.min(type, left);
    line.within(next + stated, () => {
      if (!printLlc(line, next, stated, addresses)) printBytes(line, next, line.captured(next));
    });
    return;
  }
  if (linkHeader) line.add(`ethertype ${etherTypeText(type)}, ${isLengthPrinted ? "" : `length ${whole}: `}`);
  if (line.inner.etherType(line, type, next, left)) return;
  if (!linkHeader) line.add(`${addresses}, ethertype ${etherTypeText(type)}, length ${whole}: `);
  printBytes(line, next, line.captured(next));
}

/** `vlan 5, p 3, DEI` */
export function vlanText(control: number): string {
  const dropEligible = (control & 0x1000) === 0 ? "" : ", DEI";
  return `vlan ${control & 0xfff}, p ${control >> 13}${dropEligible}`;
}
