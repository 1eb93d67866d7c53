/** The structured filter: what users ask for, and what bpf/filter/filter.h reads. */
import { usageError } from "../errors.ts";
import * as layout from "../generated/layouts.ts";
import { refuseUnknown } from "../options/refuse-unknown.ts";
import { refuseContradictions, type TransportOption, type VersionOption } from "./contradictions.ts";
import { LIST_ITEMS_MAX, type ListItem, type ListOption, type ListReader, listItems, tooLong } from "./lists.ts";
import { parseNetwork } from "./networks.ts";
import { type PortRange, parsePorts } from "./ports.ts";
import { parseProtocols } from "./protocols.ts";
import { parseTcpFlags } from "./tcp-flags.ts";

/** Kinds are ANDed, the entries of one list are ORed. Lists are spelled as on the command line. */
export interface FilterOptions {
  /** Source or destination port: "80,443,8000-8100". Only TCP, UDP and SCTP have ports. */
  port?: ListOption | undefined;
  sourcePort?: ListOption | undefined;
  destinationPort?: ListOption | undefined;
  /** "syn,!ack" or "syn/syn,ack". */
  tcpFlags?: string | undefined;
  /** "tcp,udp,47"; with IPv6 the number of any extension header counts too. */
  protocol?: ListOption | undefined;
  /** Source or destination address or network; ARP's addresses count too. */
  host?: ListOption | undefined;
  sourceHost?: ListOption | undefined;
  destinationHost?: ListOption | undefined;
  network?: ListOption | undefined;
  sourceNetwork?: ListOption | undefined;
  destinationNetwork?: ListOption | undefined;
  /** IPv4 or IPv6. ARP is neither. */
  ipVersion?: 4 | 6 | undefined;
  /** VLAN id of the outer tag, 0 to 4095. */
  vlan?: number | undefined;
  /** pcap-filter(7), as tcpdump has it; needs libpcap. Compiled for the link type of each interface or file. */
  expression?: string | undefined;
}

/** The filter as the kernel program takes it. */
export interface CompiledFilter {
  /** struct filter of bpf/filter/filter.h. */
  bytes: Uint8Array;
  /** struct network_key, one after the other. */
  networkKeys: Uint8Array;
  networkCount: number;
  /** The expression, which runs before the rest as a program of its own. */
  expression: string | undefined;
}

const PORT_SETS = [
  ["port", layout.FILTER_PORT, layout.PORT_SET_EITHER],
  ["sourcePort", layout.FILTER_SOURCE_PORT, layout.PORT_SET_SOURCE],
  ["destinationPort", layout.FILTER_DESTINATION_PORT, layout.PORT_SET_DESTINATION],
] as const;

const NETWORK_SETS = [
  ["host", layout.FILTER_HOST, layout.NETWORK_SET_HOST],
  ["sourceHost", layout.FILTER_SOURCE_HOST, layout.NETWORK_SET_SOURCE_HOST],
  ["destinationHost", layout.FILTER_DESTINATION_HOST, layout.NETWORK_SET_DESTINATION_HOST],
  ["network", layout.FILTER_NETWORK, layout.NETWORK_SET_NETWORK],
  ["sourceNetwork", layout.FILTER_SOURCE_NETWORK, layout.NETWORK_SET_SOURCE_NETWORK],
  ["destinationNetwork", layout.FILTER_DESTINATION_NETWORK, layout.NETWORK_SET_DESTINATION_NETWORK],
] as const;

/** Bytes of the bit set of one port list. */
const PORT_SET_BYTES = 65_536 / 8;

const VLAN_ID_MAX = 4095;

const OPTIONS: Readonly<Record<keyof FilterOptions, true>> = {
  port: true,
  sourcePort: true,
  destinationPort: true,
  tcpFlags: true,
  protocol: true,
  host: true,
  sourceHost: true,
  destinationHost: true,
  network: true,
  sourceNetwork: true,
  destinationNetwork: true,
  ipVersion: true,
  vlan: true,
  expression: true,
};

/**
 * @param read gives the texts of files that lists are in; default: reads any file
 * @throws RingcapError USAGE for an option that cannot be honoured
 */
export function compileFilter(options: FilterOptions, read?: ListReader): CompiledFilter {
  refuseUnknown(options, OPTIONS);
  if (options.expression !== undefined && typeof options.expression !== "string") {
    throw usageError("expression", `"${options.expression}" is no text`);
  }
  const bytes = new Uint8Array(layout.FILTER.size);
  let checks = 0;
  let protocols: ReadonlySet<number> | undefined;
  const transport: TransportOption[] = [];
  const addresses: VersionOption[] = [];

  if (options.ipVersion !== undefined) {
    if (options.ipVersion !== 4 && options.ipVersion !== 6) {
      throw usageError("ipVersion", `"${options.ipVersion}" is neither 4 nor 6`);
    }
    checks |= layout.FILTER_IP_VERSION;
    bytes[layout.FILTER.ipVersion] = options.ipVersion;
    addresses.push({ option: `ipVersion: ${options.ipVersion}`, versions: new Set([options.ipVersion]) });
  }
  if (options.vlan !== undefined) {
    if (!Number.isInteger(options.vlan) || options.vlan < 0 || options.vlan > VLAN_ID_MAX) {
      throw usageError("vlan", `"${options.vlan}" is not a VLAN id from 0 to ${VLAN_ID_MAX}`);
    }
    checks |= layout.FILTER_VLAN;
    new Uint16Array(bytes.buffer, layout.FILTER.vlanId, 1)[0] = options.vlan;
  }
  if (options.tcpFlags !== undefined) {
    checks |= layout.FILTER_TCP_FLAGS;
    const flags = parseTcpFlags("tcpFlags", options.tcpFlags);
    bytes[layout.FILTER.tcpFlagsMask] = flags.mask;
    bytes[layout.FILTER.tcpFlagsValue] = flags.value;
    transport.push({ option: "tcpFlags", asksFor: "TCP flags" });
  }
  if (options.protocol !== undefined) {
    checks |= layout.FILTER_PROTOCOLS;
    const words = new BigUint64Array(bytes.buffer, layout.FILTER.protocols, 4);
    protocols = new Set(parseProtocols("protocol", options.protocol, read));
    for (const number of protocols) setBit(words, number);
  }
  for (const [option, check, set] of PORT_SETS) {
    const list = options[option];
    if (list === undefined) continue;
    checks |= check;
    fillPortSet(bytes, set, parsePorts(option, list, read));
    transport.push({ option, asksFor: "ports" });
  }
  const networkKeys: Uint8Array[] = [];
  let networkCount = 0;
  for (const [option, check, set] of NETWORK_SETS) {
    const list = options[option];
    if (list === undefined) continue;
    checks |= check;
    const items = listItems(option, list, read);
    networkCount += items.length;
    if (networkCount > LIST_ITEMS_MAX) throw tooLong(option);
    const keys = networkKeysOf(option, items, set);
    networkKeys.push(keys);
    addresses.push({ option, versions: versionsOf(keys) });
  }
  refuseContradictions(protocols, transport, addresses);
  new Uint32Array(bytes.buffer, layout.FILTER.checks, 1)[0] = checks;
  return {
    bytes,
    networkKeys: Buffer.concat(networkKeys),
    networkCount,
    expression: options.expression,
  };
}

/** Whether every packet matches where the expression is left aside. */
export function asksNothing({ bytes }: CompiledFilter): boolean {
  return bytes.subarray(layout.FILTER.checks, layout.FILTER.checks + 4).every((byte) => byte === 0);
}

function fillPortSet(filter: Uint8Array, set: number, ranges: readonly PortRange[]): void {
  const words = new BigUint64Array(filter.buffer, layout.FILTER.ports + set * PORT_SET_BYTES, PORT_SET_BYTES / 8);
  for (const { first, last } of ranges) {
    for (let port = first; port <= last; port++) setBit(words, port);
  }
}

function setBit(words: BigUint64Array, bit: number): void {
  words[bit >> 6] = (words[bit >> 6] ?? 0n) | (1n << BigInt(bit & 63));
}

function versionsOf(keys: Uint8Array): Set<4 | 6> {
  const versions = new Set<4 | 6>();
  const { size, ipVersion } = layout.NETWORK_KEY;
  for (let start = 0; start < keys.length && versions.size < 2; start += size) {
    versions.add(keys[start + ipVersion] === 4 ? 4 : 6);
  }
  return versions;
}

/** All keys are in one object, because a million small objects take a gigabyte. */
function networkKeysOf(option: string, items: readonly ListItem[], set: number): Uint8Array {
  const { size, prefixLength, ipVersion, address } = layout.NETWORK_KEY;
  const keys = new Uint8Array(items.length * size);
  const words = new Uint32Array(keys.buffer);
  for (const [index, item] of items.entries()) {
    const network = parseNetwork(option, item);
    const start = index * size;
    words[(start + prefixLength) / 4] = layout.NETWORK_KEY_TAG_BITS + network.prefixLength;
    keys[start + layout.NETWORK_KEY.set] = set;
    keys[start + ipVersion] = network.ipVersion;
    keys.set(network.address, start + address);
  }
  return keys;
}
