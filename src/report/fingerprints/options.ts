/** The options of a TCP header (RFC 9293, RFC 7323, RFC 2018): their kinds, and which lengths these can have. */

export const END = 0;
export const NO_OPERATION = 1;
export const SEGMENT_SIZE = 2;
export const SCALE = 3;
const SACK_PERMITTED = 4;
const SACK = 5;
export const TIMESTAMPS = 8;

/** Whether an option that is neither the end nor a no-operation ends in time and has a length that its kind can have. */
export function isOption(kind: number, length: number, at: number, end: number): boolean {
  if (length < 2 || at + length > end) return false;
  switch (kind) {
    case SEGMENT_SIZE:
      return length === 4;
    case SCALE:
      return length === 3;
    case SACK_PERMITTED:
      return length === 2;
    case SACK:
      return length >= 10 && (length - 2) % 8 === 0;
    case TIMESTAMPS:
      return length === 10;
    default:
      return true;
  }
}

/** Whether an option that is wrong may be one that the capture cut. */
export function isCutOption(length: number, at: number, end: number): boolean {
  return at + Math.max(length, 2) > end;
}

export function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 0) return false;
  return true;
}
