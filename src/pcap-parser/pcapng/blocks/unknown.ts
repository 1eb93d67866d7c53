/** Blocks of types that are not decoded. `raw` holds their bytes. */
import type { RawBlock } from "../raw-block.ts";

export interface UnknownBlock {
  readonly kind: "unknown";
  readonly raw: RawBlock;
  readonly type: number;
  readonly body: Uint8Array;
}

export function readUnknown(raw: RawBlock): UnknownBlock {
  return { kind: "unknown", raw, type: raw.type, body: raw.body() };
}
