/** ICMPv6 (RFC 4443): errors, groups (RFC 2710 and RFC 3810), and neighbour discovery (RFC 4861). */
import { rewriteGroupRecords } from "./igmp.ts";
import type { Carried } from "./ip-protocols.ts";
import { rewriteNeighbourOptions } from "./neighbour-options.ts";
import type { Rewriting } from "./rewriting.ts";

const CHECKSUM = 2;
const REST = 4;
const HEADER = 8;
const ADDRESS = 16;

const LAST_ERROR = 4;
const ECHO = 128;
const ECHO_REPLY = 129;
const GROUP_QUERY = 130;
const GROUP_REPORT_2 = 143;
/** The sources of an MLDv2 query follow its flags and their number. */
const QUERY_2_HEADER = 28;

/** Of the messages of MLDv1 and neighbour discovery: the addresses behind the header, and where options begin. */
const MESSAGES: ReadonlyMap<number, { readonly addresses: number; readonly options: number | undefined }> = new Map([
  [GROUP_QUERY, { addresses: 1, options: undefined }],
  [131, { addresses: 1, options: undefined }],
  [132, { addresses: 1, options: undefined }],
  [133, { addresses: 0, options: HEADER }],
  [134, { addresses: 0, options: 16 }],
  [135, { addresses: 1, options: HEADER + ADDRESS }],
  [136, { addresses: 1, options: HEADER + ADDRESS }],
  [137, { addresses: 2, options: HEADER + 2 * ADDRESS }],
]);

/** @returns where the kept bytes end */
export function rewriteIcmp6(rewriting: Rewriting, carried: Carried): number {
  const { at, end } = carried;
  if (at + REST > end) return end;
  const before = carried.before + rewriting.sum(at + REST, end);
  const keptEnd = rewriteMessage(rewriting, carried);
  rewriting.repair(at + CHECKSUM, before, carried.after + rewriting.sum(at + REST, end));
  return keptEnd;
}

function rewriteMessage(rewriting: Rewriting, { at, end, depth }: Carried): number {
  const type = rewriting.uint8(at);
  const body = at + HEADER;
  if (type === ECHO || type === ECHO_REPLY) return rewriting.keepsPayload ? end : Math.min(body, end);
  if (body > end) return at + REST;
  if (type >= 1 && type <= LAST_ERROR) {
    // Where extensions follow the packet, this is its length in units of 8 bytes (RFC 4884 section 4.2).
    const stated = type === 1 || type === 3 ? rewriting.uint8(at + REST) * 8 : 0;
    return rewriting.layers.ipv6(rewriting, body, stated === 0 ? end : Math.min(end, body + stated), depth + 1);
  }
  if (type === GROUP_REPORT_2) return rewriteGroupRecords(rewriting, 6, body, end, rewriting.uint16(at + 6));
  const message = MESSAGES.get(type);
  if (message === undefined) return rewriting.cut(at + REST);
  const addressesEnd = rewriting.addresses(6, body, message.addresses, end);
  if (addressesEnd < body + message.addresses * ADDRESS) return addressesEnd;
  if (message.options !== undefined) return rewriteNeighbourOptions(rewriting, at + message.options, end, depth);
  if (type !== GROUP_QUERY || at + QUERY_2_HEADER > end) return addressesEnd;
  return rewriting.addresses(6, at + QUERY_2_HEADER, rewriting.uint16(at + 26), end);
}
