/** Blocks of types that have no encoder: draft-ietf-opsawg-pcapng, section 3.1. */
import { usageError } from "../../../errors.ts";
import type { BlockBytes } from "../block-bytes.ts";
import { checkNumber, MOST_32 } from "../checks.ts";

/** A block of a type that has no encoder, such as one that was read. */
export interface PcapngUnknownBlock {
  readonly kind: "unknown";
  /** The type of the block, for which no encoder is known. */
  readonly type: number;
  /**
   * The body in the byte order of the section. Only the organisation that defined the block could turn it to the other
   * one.
   */
  readonly body: Uint8Array;
}

/** Types whose blocks are checked, or change how other blocks are read. An unknown block must not have one of them. */
const KNOWN_TYPES: readonly number[] = [0x0a0d_0d0a, 1, 2, 3, 4, 5, 6, 9, 10, 0x0000_0bad, 0x4000_0bad];

export function putUnknown(into: BlockBytes, { type, body }: PcapngUnknownBlock): void {
  checkNumber("type", type, MOST_32);
  if (KNOWN_TYPES.includes(type)) {
    throw usageError("type", `blocks of type 0x${type.toString(16)} are of another kind than "unknown"`);
  }
  into.begin(type);
  into.bytes(body);
  into.pad();
  into.end();
}
