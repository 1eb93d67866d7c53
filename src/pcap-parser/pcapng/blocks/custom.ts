/** Custom Block: draft-ietf-opsawg-pcapng, section 4.8. */
import type { RawBlock } from "../raw-block.ts";

export const CUSTOM = 0x0000_0bad;
/** One that is not to be copied when the file is changed. */
export const CUSTOM_NOT_COPIED = 0x4000_0bad;

const FIXED_LENGTH = 4;
const DATA = 12;

export interface CustomBlock {
  readonly kind: "custom";
  readonly raw: RawBlock;
  /** IANA's private enterprise number of whoever defined the block. */
  readonly enterprise: number;
  /** Whether a program that changes the file should keep the block. */
  readonly copied: boolean;
  /** With its options, if there are any: only the one who defined the block knows where they begin. */
  readonly data: Uint8Array;
}

/** @throws CaptureFileError */
export function readCustom(raw: RawBlock): CustomBlock {
  raw.require("a custom block", FIXED_LENGTH);
  return { kind: "custom", raw, enterprise: raw.uint32(8), copied: raw.type === CUSTOM, data: raw.body(DATA) };
}
