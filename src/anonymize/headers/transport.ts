/** TCP (RFC 9293), UDP (RFC 768) and UDP-Lite (RFC 3828), whose checksums cover the addresses of IP. */
import { type Carried, PROTOCOL } from "./ip-protocols.ts";
import { eachOption } from "./options-walk.ts";
import { folded, type Rewriting } from "./rewriting.ts";
import { rewriteNumbers, sumOfNumbers } from "./told-addresses.ts";

const TCP_HEADER = 20;
const TCP_CHECKSUM = 16;
const UDP_HEADER = 8;
const UDP_CHECKSUM = 6;

/** Maximum segment size, window scale, selective acknowledgements allowed and given, and time stamps. */
const KNOWN_OPTIONS: ReadonlySet<number> = new Set([2, 3, 4, 5, 8]);

/** Replaces numbers that tell an address, and the values of options that may hold addresses, such as those of Multipath TCP. @returns where the kept bytes end */
export function rewriteTcp(rewriting: Rewriting, carried: Carried): number {
  const { at, end } = carried;
  const numbersBefore = sumOfNumbers(rewriting, carried);
  rewriteNumbers(rewriting, carried);
  if (end - at < TCP_CHECKSUM + 2) return end;
  const stated = at + (rewriting.uint8(at + 12) >>> 4) * 4;
  const headerEnd = Math.min(Math.max(stated, at + TCP_HEADER), end);
  let before = carried.before + numbersBefore;
  let after = carried.after + sumOfNumbers(rewriting, carried);
  let keptEnd = headerEnd;
  if (headerEnd > at + TCP_HEADER) {
    const options = at + TCP_HEADER;
    const optionsBefore = rewriting.sum(options, headerEnd);
    keptEnd = eachOption(rewriting, options, headerEnd, (kind, option, length) => {
      if (!KNOWN_OPTIONS.has(kind)) rewriting.bytes.fill(0, option + 2, option + length);
    });
    before += optionsBefore;
    after += rewriting.sum(options, headerEnd);
  }
  repairOver(rewriting, carried, at + TCP_CHECKSUM, before, after);
  // Behind an option that cannot be told from others there may be an address.
  if (keptEnd < headerEnd) return keptEnd;
  return rewriting.keepsPayload ? end : headerEnd;
}

/** @returns where the kept bytes end */
export function rewriteDatagram(rewriting: Rewriting, carried: Carried): number {
  const { protocol, at, end, before, after } = carried;
  const field = at + UDP_CHECKSUM;
  // Zero says that there is no checksum.
  if (field + 2 <= end && (protocol !== PROTOCOL.udp || rewriting.uint16(field) !== 0)) {
    repairOver(rewriting, carried, field, before, after);
    if (rewriting.uint16(field) === 0) rewriting.view.setUint16(field, 0xffff);
  }
  return rewriting.keepsPayload ? end : Math.min(at + UDP_HEADER, end);
}

/**
 * Repairs a checksum. Where the kernel left it to the network card, the field has the sum of the pseudo header
 * (CHECKSUM_PARTIAL of include/linux/skbuff.h), and has that of the new one afterwards.
 */
function repairOver(rewriting: Rewriting, carried: Carried, field: number, before: number, after: number): void {
  if (isLeftToCard(rewriting, carried, field, before, after)) {
    const old = rewriting.uint16(field);
    rewriting.view.setUint16(field, folded(old + (0xffff - folded(carried.before)) + folded(carried.after)));
  } else rewriting.repair(field, before, after);
}

function isLeftToCard(rewriting: Rewriting, carried: Carried, field: number, before: number, after: number): boolean {
  const { protocol, at, end, length, isFragment } = carried;
  if (length === 0 || isFragment) return false;
  const pseudo = carried.before + protocol + folded(length);
  if (rewriting.uint16(field) !== folded(pseudo)) return false;
  // A checksum that is right can have the same value. Where options were overwritten, the sum is that of the old ones.
  const isWhole = at + length === end;
  const changed = before - carried.before - (after - carried.after);
  return !isWhole || folded(pseudo + rewriting.sum(at, end) + changed) !== 0xffff;
}
