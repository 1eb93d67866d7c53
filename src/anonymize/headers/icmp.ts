/** ICMP (RFC 792): errors hold the packet that they are about. */
import type { Rewriting } from "./rewriting.ts";

const CHECKSUM = 2;
const REST = 4;
const HEADER = 8;

const ECHO_REPLY = 0;
const REDIRECT = 5;
const ECHO = 8;
const ROUTER_ADVERTISEMENT = 9;
/** Unreachable, source quench, redirect, time exceeded, and parameter problem. */
const ERRORS: ReadonlySet<number> = new Set([3, 4, REDIRECT, 11, 12]);
/** Bytes of other messages that hold no address: solicitation (RFC 1256), time stamps, information and masks. */
const LENGTHS: ReadonlyMap<number, number> = new Map([
  [10, HEADER],
  [13, 20],
  [14, 20],
  [15, HEADER],
  [16, HEADER],
  [17, 12],
  [18, 12],
]);

/** @returns where the kept bytes end */
export function rewriteIcmp(rewriting: Rewriting, at: number, end: number, depth: number): number {
  const type = rewriting.uint8(at);
  if (type === ECHO || type === ECHO_REPLY) {
    return rewriting.keepsPayload ? end : Math.min(at + HEADER, end);
  }
  const length = LENGTHS.get(type);
  if (length !== undefined) return Math.min(at + length, end);
  const isError = ERRORS.has(type);
  if (!isError && type !== ROUTER_ADVERTISEMENT) return rewriting.cut(Math.min(at + REST, end));
  if (at + HEADER > end) return Math.min(at + REST, end);
  const before = rewriting.sum(at, end);
  const keptEnd = isError ? rewriteError(rewriting, at, end, depth) : rewriteRouters(rewriting, at, end);
  rewriting.repair(at + CHECKSUM, before, rewriting.sum(at, end));
  return keptEnd;
}

function rewriteError(rewriting: Rewriting, at: number, end: number, depth: number): number {
  if (rewriting.uint8(at) === REDIRECT) rewriting.ipv4(at + REST);
  // Where extensions follow the packet, this is its length in units of 4 bytes (RFC 4884 section 4.1).
  const stated = rewriting.uint8(at) === REDIRECT ? 0 : rewriting.uint8(at + 5) * 4;
  const packet = at + HEADER;
  return rewriting.layers.ipv4(rewriting, packet, stated === 0 ? end : Math.min(end, packet + stated), depth + 1);
}

/** Replaces the addresses of a router advertisement (RFC 1256), each of which a preference follows. */
function rewriteRouters(rewriting: Rewriting, at: number, end: number): number {
  const size = rewriting.uint8(at + 5) * 4;
  let next = at + HEADER;
  if (size !== 8) return rewriting.cut(next);
  for (let left = rewriting.uint8(at + 4); left > 0 && next + size <= end; left--, next += size) rewriting.ipv4(next);
  return next;
}
