/** The options of hop-by-hop and destination options headers (RFC 8200 section 4.2). */
import type { PseudoAddresses } from "./ip-protocols.ts";
import type { Rewriting } from "./rewriting.ts";

const PAD_1 = 0;
const TUNNEL_LIMIT = 4;
const ROUTER_ALERT = 5;
const JUMBO_PAYLOAD = 0xc2;
/** The address of a host away from home, which the pseudo header has as the source (RFC 6275 section 6.3). */
const HOME_ADDRESS = 0xc9;
const ADDRESS = 16;

/** Replaces addresses, and overwrites what is not known. */
export function rewriteIpv6Options(rewriting: Rewriting, start: number, end: number, pseudo: PseudoAddresses): void {
  for (let at = start; at < end; ) {
    const type = rewriting.uint8(at);
    if (type === PAD_1) {
      at++;
      continue;
    }
    const value = at + 2;
    const length = at + 1 < end ? rewriting.uint8(at + 1) : 0;
    const next = Math.min(value + length, end);
    if (type === HOME_ADDRESS && length === ADDRESS && value + length <= end) {
      pseudo.sourceBefore = rewriting.sum(value, next);
      rewriting.ipv6(value);
      pseudo.sourceAfter = rewriting.sum(value, next);
    } else if (type !== TUNNEL_LIMIT && type !== ROUTER_ALERT && type !== JUMBO_PAYLOAD) {
      rewriting.bytes.fill(0, Math.min(value, end), next);
    }
    at = Math.max(next, at + 1);
  }
}
