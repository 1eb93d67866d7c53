/** Blocks of types that are not decoded. `raw` holds their bytes. */
import type { RawBlock } from "../raw-block.ts";

/** A block of a type that is not decoded. */
export interface UnknownBlock {
  readonly kind: "unknown";
  readonly raw: RawBlock;
  /** The type of the block. */
  readonly type: number;
  /** The body in the byte order of its section: a view, valid as long as the block is. */
  readonly body: Uint8Array;
}

export function readUnknown(raw: RawBlock): UnknownBlock {
  return { kind: "unknown", raw, type: raw.type, body: raw.body() };
}
