/** Custom Block: draft-ietf-opsawg-pcapng, section 4.8. */
import type { RawBlock } from "../raw-block.ts";

export const CUSTOM = 0x0000_0bad;
/** The block type of a custom block that is not to be copied when the file is changed. */
export const CUSTOM_NOT_COPIED = 0x4000_0bad;

const FIXED_LENGTH = 4;
const DATA = 12;

/** A block of an organisation of its own: draft-ietf-opsawg-pcapng, section 4.8. */
export interface CustomBlock {
  readonly kind: "custom";
  readonly raw: RawBlock;
  /** The private enterprise number (IANA) of the organisation that defined the block. */
  readonly enterprise: number;
  /** Whether a program that changes the file should keep the block. */
  readonly copied: boolean;
  /**
   * The block's data followed by its options, if there are any. Only the organisation that defined the block knows
   * where the options begin.
   */
  readonly data: Uint8Array;
}

/** Reads the block. @throws CaptureFileError if the block is too short */
export function readCustom(raw: RawBlock): CustomBlock {
  raw.require("a custom block", FIXED_LENGTH);
  return { kind: "custom", raw, enterprise: raw.uint32(8), copied: raw.type === CUSTOM, data: raw.body(DATA) };
}
