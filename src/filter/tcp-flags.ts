/** TCP flags in both spellings: "syn,!ack" and "syn/syn,ack". */
import { usageError } from "../errors.ts";

/** A segment matches when `flags & mask` equals `value`. */
export interface TcpFlags {
  mask: number;
  value: number;
}

/** Bits of the flags byte: RFC 9293 section 3.1. */
const FLAGS: ReadonlyMap<string, number> = new Map([
  ["fin", 0x01],
  ["syn", 0x02],
  ["rst", 0x04],
  ["psh", 0x08],
  ["ack", 0x10],
  ["urg", 0x20],
  ["ece", 0x40],
  ["cwr", 0x80],
]);
const GROUPS: ReadonlyMap<string, number> = new Map([
  ["none", 0],
  ["all", 0xff],
]);

const HINT =
  'write "syn,!ack" (set and clear) or "syn/syn,ack" (value/mask); flags are fin syn rst psh ack urg ece cwr';

/**
 * In "syn,!ack" the flags are set, those with an exclamation mark are clear, and the others are free. In "syn/syn,ack"
 * exactly the flags before the slash are set, of those behind it. "none" and "all" stand for no flag and all eight.
 *
 * @throws RingcapError USAGE
 */
export function parseTcpFlags(option: string, spec: string): TcpFlags {
  const [value, mask, ...rest] = spec.toLowerCase().split("/");
  if (value === undefined || rest.length > 0) throw usageError(option, `"${spec}" has more than one slash`, HINT);
  return mask === undefined ? parseSetAndClear(option, value) : parseValueAndMask(option, value, mask);
}

function parseSetAndClear(option: string, spec: string): TcpFlags {
  let set = 0;
  let clear = 0;
  for (const word of spec.split(",")) {
    const name = word.trim();
    if (name.startsWith("!")) clear |= flagBit(option, name.slice(1));
    else set |= flagBit(option, name);
  }
  if (set & clear) throw usageError(option, `"${spec}" wants the same flag set and clear`, HINT);
  return { mask: set | clear, value: set };
}

function parseValueAndMask(option: string, value: string, mask: string): TcpFlags {
  const bits = (list: string) =>
    list.split(",").reduce((sum, word) => sum | (GROUPS.get(word.trim()) ?? flagBit(option, word.trim())), 0);
  const flags = { value: bits(value), mask: bits(mask) };
  if (flags.value & ~flags.mask) {
    throw usageError(option, `"${value}/${mask}" wants flags set that its mask leaves out`, HINT);
  }
  return flags;
}

function flagBit(option: string, name: string): number {
  const bit = FLAGS.get(name);
  if (bit === undefined) throw usageError(option, `"${name}" is not a TCP flag`, HINT);
  return bit;
}
