/** ARP (RFC 826) of Ethernet and IPv4. */
import type { Rewriting } from "./rewriting.ts";

const FIXED = 8;
const MAC = 6;
const ADDRESS = 4;

/** @returns where the kept bytes end */
export function rewriteArp(rewriting: Rewriting, at: number, end: number): number {
  let next = at + FIXED;
  if (next > end) return rewriting.cut(at);
  if (rewriting.uint8(at + 4) !== MAC || rewriting.uint8(at + 5) !== ADDRESS) return rewriting.cut(next);
  // Of the sender and of the target.
  for (let host = 0; host < 2; host++) {
    if (next + MAC + ADDRESS > end) return rewriting.cut(next);
    rewriting.mac(next);
    rewriting.ipv4(next + MAC);
    next += MAC + ADDRESS;
  }
  return next;
}
