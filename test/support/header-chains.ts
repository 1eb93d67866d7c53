/** How many headers stand between IPv6 and what it carries, for tests of `protochain`. */
import { CHAIN_LENGTH_MAX } from "../../src/filter/classic/unroll-loops.ts";

const ETHERNET = 1;
const IPV6_HEADER_LENGTH = 40;
/** Hop-by-hop options, routing, fragment, destination options: each has its length in units of 8 bytes, less one. */
const EXTENSIONS: ReadonlySet<number> = new Set([0, 43, 44, 60]);

/** Whether an untagged packet has more headers than `protochain` goes through; tcpdump goes on to the end. */
export function hasEndlessChain(packet: Uint8Array, linkType: number): boolean {
  const network = linkType === ETHERNET ? 14 : 0;
  let protocol = packet[network + 6] ?? 0;
  let length = 0;
  if ((packet[network] ?? 0) >> 4 !== 6) return false;
  for (let at = network + IPV6_HEADER_LENGTH; EXTENSIONS.has(protocol) && at < packet.length; length++) {
    protocol = packet[at] ?? 0;
    at += 8 * ((packet[at + 1] ?? 0) + 1);
  }
  return length > CHAIN_LENGTH_MAX;
}
