/** Section Header Block: draft-ietf-opsawg-pcapng, section 4.1. */
import type { BlockBytes, ByteOrder } from "../block-bytes.ts";
import type { OptionLayouts } from "../option-layouts.ts";
import { commentOptions, optional, type PcapngOption, type PcapngOptions, putOptions } from "../options.ts";

/** The beginning of a section: draft-ietf-opsawg-pcapng, section 4.1. */
export interface PcapngSectionHeader {
  readonly kind: "section-header";
  /**
   * The byte order of this block and of those up to the next section header. The default is the byte order of the
   * section before.
   */
  readonly byteOrder?: ByteOrder | undefined;
  /** Bytes of the section's other blocks. By default the block makes no statement about them. */
  readonly sectionLength?: bigint | undefined;
  readonly options?: PcapngOptions | undefined;
}

/** What a section says about the way in which it was made. */
export interface SectionFields {
  /** The hardware of the machine. */
  readonly hardware?: string | undefined;
  /** The operating system. */
  readonly os?: string | undefined;
  /** The program that writes the file, with its version. */
  readonly application?: string | undefined;
  /** A comment, or several. */
  readonly comment?: string | readonly string[] | undefined;
}

const TYPE = 0x0a0d0d0a;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const MAJOR_VERSION = 1;
/** The one minor version that may be written. */
const MINOR_VERSION = 0;
const UNKNOWN_LENGTH = -1n;
const SHB_HARDWARE = 2;
const SHB_OS = 3;
const SHB_USERAPPL = 4;
const LAYOUTS: OptionLayouts = {};

/** Adds the block, and turns to its byte order for the blocks that follow. */
export function putSectionHeader(into: BlockBytes, block: PcapngSectionHeader): void {
  const { byteOrder, sectionLength = UNKNOWN_LENGTH, options } = block;
  if (byteOrder !== undefined) into.littleEndian = byteOrder === "little-endian";
  into.begin(TYPE);
  into.uint32(BYTE_ORDER_MAGIC);
  into.uint16(MAJOR_VERSION);
  into.uint16(MINOR_VERSION);
  into.int64("sectionLength", sectionLength);
  putOptions(into, options, LAYOUTS);
  into.end();
}

export function sectionOptions({ hardware, os, application, comment }: SectionFields): PcapngOption[] {
  return [
    ...optional(SHB_HARDWARE, hardware),
    ...optional(SHB_OS, os),
    ...optional(SHB_USERAPPL, application),
    ...commentOptions(comment),
  ];
}
