/**
 * Compiles filters for what a packet socket's filter sees. The kernel takes the VLAN tag out of a frame and hands it over
 * beside it, so that a filter of npm's `cap` that does not ask for tags sees a tagged frame as if it had none.
 */

import { decode } from "../filter/classic/decode.ts";
import type { RawInstruction } from "../filter/classic/instruction.ts";
import { type CompiledExpression, compileExpression, type ExpressionOptions } from "../filter/expression.ts";

/**
 * Loads whether there is such a tag (SKF_AD_VLAN_TAG_PRESENT of include/uapi/linux/filter.h). A program with this load is
 * run over the bytes without the tag.
 */
const LOAD_TAG_PRESENT: RawInstruction = { code: 0x20, jt: 0, jf: 0, k: 0xffff_f030 };

/** @throws as compileExpression() */
export function compileForMetadata(text: string, linkType: number, options?: ExpressionOptions): CompiledExpression {
  const compiled = compileExpression(text, linkType, options);
  // Such an expression looks for the tag itself, in the frame as it was on the wire.
  if (/\bvlan\b/.test(text)) return compiled;
  const raw = [LOAD_TAG_PRESENT, ...compiled.raw];
  return { ...compiled, raw, program: decode(raw) };
}
