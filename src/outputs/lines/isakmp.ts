/** ISAKMP (RFC 2408) and IKEv2 (RFC 7296): the exchange that a message belongs to. */
import type { Line } from "./line.ts";

const HEADER_LENGTH = 28;
const ENCRYPTED = 1;
const COMMIT = 2;
const EXCHANGES = ["none", "base", "ident", "auth", "agg", "inf"];
const LATER_EXCHANGES: ReadonlyMap<number, string> = new Map([
  [32, "oakley-quick"],
  [33, "oakley-newgroup"],
]);
const VERSION_2_EXCHANGES = ["ikev2_init", "ikev2_auth", "child_sa", "inf2"];

/** Prints text such as `isakmp: phase 1 I ident[E]`. */
export function printIsakmp(line: Line, at: number, length: number): void {
  line.protocol = "isakmp";
  line.add("isakmp:");
  if (length < HEADER_LENGTH || !line.has(at, HEADER_LENGTH)) return line.mark();
  const major = line.u8(at + 17) >> 4;
  const exchange = line.u8(at + 18);
  const flags = line.u8(at + 19);
  const hasMessage = line.u32(at + 20) !== 0;
  if (major !== 1 && major !== 2) return;
  if (major === 2) {
    const isChild = hasMessage;
    line.add(` ${isChild ? "child_sa " : "parent_sa"} ${VERSION_2_EXCHANGES[exchange - 34] ?? `#${exchange}`}`);
    line.add(`[${(flags & 8) === 0 ? "" : "I"}${(flags & 16) === 0 ? "" : "V"}${(flags & 32) === 0 ? "" : "R"}]`);
    return;
  }
  const name = EXCHANGES[exchange] ?? LATER_EXCHANGES.get(exchange) ?? `#${exchange}`;
  line.add(` phase ${hasMessage ? "2/others" : "1"} ${sideOf(line, at)} ${name}`);
  if (flags !== 0) line.add(`[${(flags & ENCRYPTED) === 0 ? "" : "E"}${(flags & COMMIT) === 0 ? "" : "C"}]`);
}

/** Returns who sent the message. The initiator sends the first message, in which the responder's cookie is zero. */
function sideOf(line: Line, at: number): string {
  const initiators = line.memory.initiators;
  const cookie = line.u64(at).toString(16);
  const initiator = initiators.get(cookie);
  if (initiator !== undefined) return initiator === line.source ? "I" : "R";
  if (line.u64(at + 8) !== 0n) return "?";
  initiators.set(cookie, line.source);
  return "I";
}
