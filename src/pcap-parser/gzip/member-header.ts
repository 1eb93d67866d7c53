/** The header of a member of a gzip file: RFC 1952, section 2.3. */
import type { ByteReader } from "./byte-reader.ts";

export const MAGIC_LENGTH = 2;
/** Bytes behind the magic number: compression method, flags, time (4 bytes), extra flags, operating system. */
const FIXED_LENGTH = 8;
const DEFLATE = 8;

const FLAG_HEADER_CRC = 0x02;
const FLAG_EXTRA = 0x04;
const FLAG_NAME = 0x08;
const FLAG_COMMENT = 0x10;
const FLAGS_RESERVED = 0xe0;

/** Skips a header whose magic number was read. @returns what is wrong with it, or "cut off" when the data ends in it */
export async function skipMemberHeader(reader: ByteReader): Promise<"cut off" | string | undefined> {
  const fixed = await reader.exactly(FIXED_LENGTH);
  const [method, flags = 0] = fixed;
  if (method !== undefined && method !== DEFLATE) return `unknown compression method ${method}`;
  if ((flags & FLAGS_RESERVED) !== 0) return "reserved flags of the header are set";
  if (fixed.length < FIXED_LENGTH) return "cut off";
  if ((flags & FLAG_EXTRA) !== 0) {
    const [low = 0, high = 0] = await reader.exactly(2);
    await reader.exactly(low | (high << 8));
  }
  for (const flag of [FLAG_NAME, FLAG_COMMENT]) {
    if ((flags & flag) !== 0) await skipText(reader);
  }
  if ((flags & FLAG_HEADER_CRC) !== 0) await reader.exactly(2);
  // Data that ends within one of the skipped fields is found to be cut off where the compressed data should begin.
  return undefined;
}

/** Skips a text of any length up to the byte of 0 that ends it. */
async function skipText(reader: ByteReader): Promise<void> {
  for (let some = await reader.some(256); some !== undefined; some = await reader.some(256)) {
    const end = some.indexOf(0);
    if (end < 0) continue;
    reader.giveBack(some.subarray(end + 1));
    return;
  }
}
