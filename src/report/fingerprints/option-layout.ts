/** The options of a SYN, as p0f tells them, and which of their bytes all SYNs of the tuple have in common. */
import { uint16 } from "../analysis/ethernet-type.ts";
import { END, isCutOption, isOption, isZero, NO_OPERATION, SCALE, SEGMENT_SIZE, TIMESTAMPS } from "./options.ts";
import { TCP_LENGTH } from "./syn-key.ts";

/** Bytes of the TCP header from an offset on: that they are these, or that not all of so many are zero. */
export type ByteCondition =
  | { readonly offset: number; readonly equal: readonly number[] }
  | { readonly offset: number; readonly notZero: number };

export interface OptionLayout {
  /** p0f's names: "mss", "nop", "ws", "sok", "sack", "ts", "eol+1", "?34". */
  readonly names: readonly string[];
  /** "ts1-", "ts2+", "opt+", "exws" and "bad". */
  readonly quirks: readonly string[];
  readonly mss: number | null;
  readonly scale: number | null;
  /** Offsets are from the beginning of the TCP header. */
  readonly conditions: readonly ByteCondition[];
}

const NAMES: Readonly<Record<number, string>> = { 2: "mss", 3: "ws", 4: "sok", 5: "sack", 8: "ts" };
/** RFC 7323, section 2.3. */
const LARGEST_SCALE = 14;

/**
 * Reads the options up to the first that is wrong, or up to where the capture cut them.
 *
 * @param header as far as it was captured @param isCut whether it is longer
 */
export function readOptions(header: Uint8Array, isCut: boolean): OptionLayout {
  const end = header.length;
  const names: string[] = [];
  const quirks = new Set<string>();
  const conditions: ByteCondition[] = [];
  let mss: number | null = null;
  let scale: number | null = null;
  let at = TCP_LENGTH;
  while (at < end) {
    const kind = header[at] ?? 0;
    if (kind === END) {
      const padding = end - at - 1;
      const hasZeros = isZero(header, at, end);
      names.push(`eol+${padding}`);
      if (!hasZeros) quirks.add("opt+");
      conditions.push({ offset: at, equal: [0] });
      if (padding > 0) conditions.push(isSet(header, at + 1, padding));
      break;
    }
    if (kind === NO_OPERATION) {
      names.push("nop");
      conditions.push({ offset: at, equal: [1] });
      at += 1;
      continue;
    }
    const length = at + 1 < end ? (header[at + 1] ?? 0) : 0;
    const isWhole = isOption(kind, length, at, end);
    if (!isWhole && isCut && isCutOption(length, at, end)) break;
    names.push(NAMES[kind] ?? `?${kind}`);
    conditions.push({ offset: at, equal: at + 1 < end ? [kind, length] : [kind] });
    if (!isWhole) {
      quirks.add("bad");
      break;
    }
    if (kind === SEGMENT_SIZE) {
      mss = uint16(header, at + 2);
      conditions.push({ offset: at + 2, equal: [mss >> 8, mss & 0xff] });
    } else if (kind === SCALE) {
      scale = header[at + 2] ?? 0;
      if (scale > LARGEST_SCALE) quirks.add("exws");
      conditions.push({ offset: at + 2, equal: [scale] });
    } else if (kind === TIMESTAMPS) {
      const own = isSet(header, at + 2, 4);
      const peer = isSet(header, at + 6, 4);
      if ("equal" in own) quirks.add("ts1-");
      if ("notZero" in peer) quirks.add("ts2+");
      conditions.push(own, peer);
    }
    at += length;
  }
  const ordered = ["ts1-", "ts2+", "opt+", "exws", "bad"].filter((name) => quirks.has(name));
  return { names, quirks: ordered, mss, scale, conditions };
}

/** Whether bytes are all zero, as a condition. */
function isSet(header: Uint8Array, offset: number, length: number): ByteCondition {
  if (!isZero(header, offset, offset + length)) return { offset, notZero: length };
  return { offset, equal: new Array<number>(length).fill(0) };
}
