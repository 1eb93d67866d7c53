/** Section Header Block: draft-ietf-opsawg-pcapng, section 4.1. */

import type { BlockOptions } from "../options.ts";
import type { RawBlock } from "../raw-block.ts";

/** Reads the same in both byte orders. */
export const SECTION_HEADER = 0x0a0d0d0a;
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

const FIXED_LENGTH = 16;
const OPTIONS = 24;
const UNKNOWN_LENGTH = -1n;
const MAJOR_VERSION = 1;
/** 2 was written by mistake, and means the same as 0. */
const MINOR_VERSIONS: readonly number[] = [0, 2];

const SHB_HARDWARE = 2;
const SHB_OPERATING_SYSTEM = 3;
const SHB_USER_APPLICATION = 4;

export interface SectionHeaderBlock {
  readonly kind: "section-header";
  readonly raw: RawBlock;
  readonly version: { readonly major: number; readonly minor: number };
  /** Bytes of the blocks up to the next section, as the file claims; undefined if it does not. */
  readonly sectionLength: bigint | undefined;
  readonly options: BlockOptions;
  /** Not escaped, as all text here: see escapeText. */
  readonly hardware: string | undefined;
  readonly operatingSystem: string | undefined;
  readonly userApplication: string | undefined;
}

/** @throws CaptureFileError */
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
