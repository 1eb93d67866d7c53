/** Which kinds of packets a filter lets pass at all, so that a rule about others is known to hold never. */
import * as layout from "../../generated/layouts.ts";
import type { Program } from "../classic/instruction.ts";
import { IPV6_EXTENSIONS } from "../contradictions.ts";
import { compileExpression } from "../expression.ts";
import { type CompiledFilter, compileFilter, type FilterOptions } from "../filter.ts";
import { mayPass } from "./expression-run.ts";
import { knownPackets } from "./known-packets.ts";
import { PACKET_KINDS, type PacketKind, TCP } from "./packet-kinds.ts";

const PORTS = layout.FILTER_PORT | layout.FILTER_SOURCE_PORT | layout.FILTER_DESTINATION_PORT;

const ETHERNET = 1;
/** Characters of an expression that is looked at. Longer ones are mostly lists of addresses, and take long to compile. */
const EXPRESSION_LENGTH_MAX = 1000;

/** @throws RingcapError USAGE for an option that cannot be honoured. An expression that does not compile is left aside. */
export function passableKinds(options: FilterOptions): PacketKind[] {
  return kindsThatPass(compileFilter(options), programOf(options.expression));
}

/** @param program of the expression, for Ethernet */
export function kindsThatPass(filter: CompiledFilter, program: Program | undefined): PacketKind[] {
  const kinds = PACKET_KINDS.filter((kind) => passes(filter, kind));
  if (program === undefined) return kinds;
  return kinds.filter((kind) => knownPackets(kind).some((packet) => mayPass(program, packet)));
}

function programOf(expression: string | undefined): Program | undefined {
  if (expression === undefined || expression.length > EXPRESSION_LENGTH_MAX) return undefined;
  try {
    return compileExpression(expression, ETHERNET).program;
  } catch {
    return undefined;
  }
}

function passes({ bytes, networkKeys }: CompiledFilter, kind: PacketKind): boolean {
  const { ipVersion, tcpFlags } = kind;
  const checks = new Uint32Array(bytes.buffer, layout.FILTER.checks, 1)[0] ?? 0;
  const asks = (check: number) => (checks & check) !== 0;
  if (asks(layout.FILTER_IP_VERSION) && ipVersion !== bytes[layout.FILTER.ipVersion]) return false;
  if (asks(layout.FILTER_PROTOCOLS) && !passesProtocols(bytes, kind)) return false;
  if (asks(PORTS) && !kind.hasPorts) return false;
  if (asks(layout.FILTER_TCP_FLAGS)) {
    if (kind.protocol !== TCP || tcpFlags === undefined) return false;
    const mask = bytes[layout.FILTER.tcpFlagsMask] ?? 0;
    const value = bytes[layout.FILTER.tcpFlagsValue] ?? 0;
    if (((value ^ tcpFlags.value) & mask & tcpFlags.mask) !== 0) return false;
  }
  return networkKeys.length === 0 || passesNetworks(networkKeys, ipVersion);
}

/** In a packet of IPv6, the number of any extension header counts too. */
function passesProtocols(bytes: Uint8Array, { ipVersion, protocol }: PacketKind): boolean {
  const words = new BigUint64Array(bytes.buffer, layout.FILTER.protocols, 4);
  const isAsked = (number: number) => (((words[number >> 6] ?? 0n) >> BigInt(number & 63)) & 1n) === 1n;
  if (ipVersion === undefined) return false;
  if (ipVersion === 6 && IPV6_EXTENSIONS.some(isAsked)) return true;
  if (protocol !== undefined) return isAsked(protocol);
  const known = new Set(PACKET_KINDS.filter((kind) => kind.ipVersion === ipVersion).map((kind) => kind.protocol));
  return Array.from({ length: 256 }, (_, number) => number).some((number) => isAsked(number) && !known.has(number));
}

/** ARP has addresses of IPv4 too. */
function passesNetworks(keys: Uint8Array, ipVersion: 4 | 6 | undefined): boolean {
  const { size, ipVersion: version } = layout.NETWORK_KEY;
  for (let start = 0; start < keys.length; start += size) {
    if (keys[start + version] === (ipVersion ?? 4)) return true;
  }
  return false;
}
