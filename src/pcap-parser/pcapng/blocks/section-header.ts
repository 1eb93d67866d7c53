/** Section Header Block: draft-ietf-opsawg-pcapng, section 4.1. */

import type { BlockOptions } from "../options.ts";
import type { RawBlock } from "../raw-block.ts";

/** The block type of a section header, whose four bytes read the same in both byte orders. */
export const SECTION_HEADER = 0x0a0d0d0a;
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

const FIXED_LENGTH = 16;
const OPTIONS = 24;
const UNKNOWN_LENGTH = -1n;
const MAJOR_VERSION = 1;
/** The minor versions that are read. Some programs wrote 2 by mistake, which means the same as 0. */
const MINOR_VERSIONS: readonly number[] = [0, 2];

const SHB_HARDWARE = 2;
const SHB_OPERATING_SYSTEM = 3;
const SHB_USER_APPLICATION = 4;

/** The beginning of a section: draft-ietf-opsawg-pcapng, section 4.1. */
export interface SectionHeaderBlock {
  readonly kind: "section-header";
  readonly raw: RawBlock;
  /** The version of the format: 1.0, or 1.2, which means the same. */
  readonly version: { readonly major: number; readonly minor: number };
  /** Bytes of the blocks up to the next section, as the file states; undefined if it states nothing. */
  readonly sectionLength: bigint | undefined;
  readonly options: BlockOptions;
  /** The hardware as the file names it. Texts of a block are not escaped; escapeText() makes them safe to print. */
  readonly hardware: string | undefined;
  /** The operating system as the file names it. */
  readonly operatingSystem: string | undefined;
  /** The program that wrote the file, as the file names it. */
  readonly userApplication: string | undefined;
}

/** Reads the block. @throws CaptureFileError if the block is too short, or of a version that is not read */
export function readSectionHeader(raw: RawBlock): SectionHeaderBlock {
  raw.require("a section header", FIXED_LENGTH);
  const major = raw.uint16(12);
  const minor = raw.uint16(14);
  if (major !== MAJOR_VERSION || !MINOR_VERSIONS.includes(minor)) {
    throw raw.unsupported(12, `version ${major}.${minor} of pcapng is not known`);
  }
  const sectionLength = raw.int64(16);
  const options = raw.options(OPTIONS);
  return {
    kind: "section-header",
    raw,
    version: { major, minor },
    sectionLength: sectionLength === UNKNOWN_LENGTH ? undefined : sectionLength,
    options,
    hardware: options.text(SHB_HARDWARE),
    operatingSystem: options.text(SHB_OPERATING_SYSTEM),
    userApplication: options.text(SHB_USER_APPLICATION),
  };
}
