/**
 * The content of a struct filter of bpf/filter/filter_layout.h and of the keys of its address sets, read back from
 * their bytes.
 */
import * as layout from "../../generated/layouts.ts";
import type { CompiledFilter } from "../filter.ts";

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export interface NetworkEntry {
  /** enum network_set. */
  readonly set: number;
  readonly version: number;
  /** Bits of the address that count. */
  readonly prefixLength: number;
  /** Four words, most significant first; IPv4 uses the first. */
  readonly address: readonly number[];
}

export interface FilterContents {
  /** enum filter_check. */
  readonly checks: number;
  readonly vlanId: number;
  readonly ipVersion: number;
  readonly tcpFlagsMask: number;
  readonly tcpFlagsValue: number;
  readonly protocols: readonly number[];
  /** By enum port_set. */
  readonly ports: readonly (readonly PortRange[])[];
  readonly networks: readonly NetworkEntry[];
}

export function contentsOf({ bytes, networkKeys, networkCount }: CompiledFilter): FilterContents {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { checks, vlanId, ipVersion, tcpFlagsMask, tcpFlagsValue, protocols, ports } = layout.FILTER;
  const portSet = (set: number) => rangesOf(numbersIn(bytes.subarray(ports + set * 8192, ports + (set + 1) * 8192)));
  return {
    checks: view.getUint32(checks, true),
    vlanId: view.getUint16(vlanId, true),
    ipVersion: view.getUint8(ipVersion),
    tcpFlagsMask: view.getUint8(tcpFlagsMask),
    tcpFlagsValue: view.getUint8(tcpFlagsValue),
    protocols: numbersIn(bytes.subarray(protocols, protocols + 32)),
    ports: [layout.PORT_SET_EITHER, layout.PORT_SET_SOURCE, layout.PORT_SET_DESTINATION].map(portSet),
    networks: Array.from({ length: networkCount }, (_, index) => networkEntry(networkKeys, index)),
  };
}

/** Reads a bit set of little-endian words, which is a bit set of bytes too. */
function numbersIn(set: Uint8Array): number[] {
  const numbers: number[] = [];
  for (const [index, byte] of set.entries()) {
    for (let bit = 0; byte >> bit !== 0; bit++) if ((byte >> bit) & 1) numbers.push(index * 8 + bit);
  }
  return numbers;
}

function rangesOf(numbers: readonly number[]): PortRange[] {
  const ranges: { first: number; last: number }[] = [];
  for (const number of numbers) {
    const range = ranges.at(-1);
    if (range !== undefined && range.last === number - 1) range.last = number;
    else ranges.push({ first: number, last: number });
  }
  return ranges;
}

function networkEntry(keys: Uint8Array, index: number): NetworkEntry {
  const { size, prefixLength, set, ipVersion, address } = layout.NETWORK_KEY;
  const view = new DataView(keys.buffer, keys.byteOffset + index * size, size);
  return {
    set: view.getUint8(set),
    version: view.getUint8(ipVersion),
    prefixLength: view.getUint32(prefixLength, true) - layout.NETWORK_KEY_TAG_BITS,
    address: [0, 1, 2, 3].map((word) => view.getUint32(address + word * 4)),
  };
}
