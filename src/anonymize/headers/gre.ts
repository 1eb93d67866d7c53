/** GRE (RFC 2784 and RFC 2890), also with the header of PPTP (RFC 2637). */
import type { Rewriting } from "./rewriting.ts";

const HAS_CHECKSUM = 0x8000;
const HAS_ROUTING = 0x4000;
const HAS_KEY = 0x2000;
const HAS_SEQUENCE = 0x1000;
const HAS_ACKNOWLEDGEMENT = 0x0080;
const VERSION = 0x0007;
const FIXED = 4;

/** @returns where the kept bytes end */
export function rewriteGre(rewriting: Rewriting, at: number, end: number, depth: number): number {
  if (at + FIXED > end) return rewriting.cut(at);
  const flags = rewriting.uint16(at);
  if (flags & HAS_ROUTING || (flags & VERSION) > 1) return rewriting.cut(at);
  const optional = [HAS_CHECKSUM, HAS_KEY, HAS_SEQUENCE, ...((flags & VERSION) === 1 ? [HAS_ACKNOWLEDGEMENT] : [])];
  const payload = at + FIXED + 4 * optional.filter((flag) => flags & flag).length;
  if (payload > end) return rewriting.cut(at);
  const hasChecksum = (flags & HAS_CHECKSUM) !== 0;
  const before = hasChecksum ? rewriting.sum(payload, end) : 0;
  const keptEnd = rewriting.layers.etherType(rewriting, rewriting.uint16(at + 2), payload, end, depth);
  if (hasChecksum) rewriting.repair(at + FIXED, before, rewriting.sum(payload, end));
  return keptEnd;
}
