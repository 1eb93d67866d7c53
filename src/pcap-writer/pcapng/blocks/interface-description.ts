/** Interface Description Block: draft-ietf-opsawg-pcapng, section 4.2. */
import type { BlockBytes } from "../block-bytes.ts";
import { checkNumber, MOST_16, MOST_32 } from "../checks.ts";
import type { OptionLayouts } from "../option-layouts.ts";
import { type PcapngOptions, putOptions } from "../options.ts";

/** An interface of a section: draft-ietf-opsawg-pcapng, section 4.2. */
export interface PcapngInterfaceDescription {
  readonly kind: "interface-description";
  /** The LINKTYPE_ number: 1 is Ethernet, 101 is raw IP. */
  readonly linkType: number;
  /** The most bytes that are captured of a packet. The default is 0, which means no limit. */
  readonly snapshotLength?: number | undefined;
  readonly options?: PcapngOptions | undefined;
}

export const IF_NAME = 2;
export const IF_DESCRIPTION = 3;
export const IF_IPV4ADDR = 4;
export const IF_IPV6ADDR = 5;
export const IF_MACADDR = 6;
export const IF_EUIADDR = 7;
export const IF_SPEED = 8;
export const IF_TSRESOL = 9;
export const IF_TZONE = 10;
export const IF_FILTER = 11;
export const IF_OS = 12;
export const IF_FCSLEN = 13;
export const IF_TSOFFSET = 14;
export const IF_HARDWARE = 15;
export const IF_TXSPEED = 16;
export const IF_RXSPEED = 17;

const TYPE = 1;
const RESERVED = 0;

export const INTERFACE_LAYOUTS: OptionLayouts = {
  [IF_SPEED]: [8],
  [IF_TZONE]: [2, 2],
  [IF_TSOFFSET]: [8],
  [IF_TXSPEED]: [8],
  [IF_RXSPEED]: [8],
};

export function putInterfaceDescription(into: BlockBytes, block: PcapngInterfaceDescription): void {
  const { linkType, snapshotLength = 0, options } = block;
  checkNumber("linkType", linkType, MOST_16);
  checkNumber("snapshotLength", snapshotLength, MOST_32);
  into.begin(TYPE);
  into.uint16(linkType);
  into.uint16(RESERVED);
  into.uint32(snapshotLength);
  putOptions(into, options, INTERFACE_LAYOUTS);
  into.end();
}
