/** Name Resolution Block: draft-ietf-opsawg-pcapng, section 4.5. */
import { usageError } from "../../../errors.ts";
import type { BlockBytes } from "../block-bytes.ts";
import { checkLength, checkText, MOST_16 } from "../checks.ts";
import type { OptionLayouts } from "../option-layouts.ts";
import { commentOptions, optional, type PcapngOption, type PcapngOptions, putOptions } from "../options.ts";

/** Names of one address. */
export interface PcapngNames {
  /** The address: 4 bytes of IPv4, 16 of IPv6, 6 of EUI-48, or 8 of EUI-64. */
  readonly address: Uint8Array;
  /** The names of the address, of which there is at least one. */
  readonly names: readonly string[];
}

/** A record as it is in a file. */
export interface PcapngNameRecord {
  /** The type of the record, from 1 to 65535; 1 is IPv4. */
  readonly code: number;
  /** The bytes of the address and of the names. */
  readonly value: Uint8Array;
}

/** Names of addresses: draft-ietf-opsawg-pcapng, section 4.5. */
export interface PcapngNameResolution {
  readonly kind: "name-resolution";
  /** The records in their order. */
  readonly records: Iterable<PcapngNames | PcapngNameRecord>;
  readonly options?: PcapngOptions | undefined;
}

/** The DNS server that gave the names. */
export interface NameResolutionFields {
  /** The name of the DNS server. */
  readonly dnsName?: string | undefined;
  /** The four bytes of the server's IPv4 address. */
  readonly dnsIpv4?: Uint8Array | undefined;
  /** The sixteen bytes of the server's IPv6 address. */
  readonly dnsIpv6?: Uint8Array | undefined;
  /** A comment, or several. */
  readonly comment?: string | readonly string[] | undefined;
}

const TYPE = 4;
const END_OF_RECORDS = 0;
const RECORD_CODES: ReadonlyMap<number, number> = new Map([
  [4, 1],
  [16, 2],
  [6, 3],
  [8, 4],
]);
const NS_DNSNAME = 2;
const NS_DNSIP4ADDR = 3;
const NS_DNSIP6ADDR = 4;
const LAYOUTS: OptionLayouts = {};

export function putNameResolution(into: BlockBytes, block: PcapngNameResolution): void {
  into.begin(TYPE);
  for (const record of block.records) putRecord(into, "value" in record ? record : namesRecord(record));
  into.uint32(END_OF_RECORDS);
  putOptions(into, block.options, LAYOUTS);
  into.end();
}

function putRecord(into: BlockBytes, { code, value }: PcapngNameRecord): void {
  if (!Number.isInteger(code) || code < 1 || code > MOST_16) {
    throw usageError("code", `${code} is not a kind of name record from 1 to ${MOST_16}`);
  }
  if (value.length > MOST_16) throw usageError("names", `a record of ${value.length} bytes; ${MOST_16} can be`);
  into.uint16(code);
  into.uint16(value.length);
  into.bytes(value);
  into.pad();
}

function namesRecord({ address, names }: PcapngNames): PcapngNameRecord {
  const code = RECORD_CODES.get(address.length);
  if (code === undefined) throw usageError("address", `an address of ${address.length} bytes cannot have names`);
  if (names.length === 0) throw usageError("names", "an address of a name resolution block needs at least one name");
  for (const name of names) {
    checkText("names", name);
    if (name === "") throw usageError("names", "a name of no bytes");
  }
  return { code, value: Buffer.concat([address, ...names.map((name) => Buffer.from(`${name}\0`))]) };
}

export function nameResolutionOptions(fields: NameResolutionFields): PcapngOption[] {
  const { dnsName, dnsIpv4, dnsIpv6, comment } = fields;
  if (dnsIpv4 !== undefined) checkLength("dnsIpv4", dnsIpv4, 4);
  if (dnsIpv6 !== undefined) checkLength("dnsIpv6", dnsIpv6, 16);
  return [
    ...optional(NS_DNSNAME, dnsName),
    ...optional(NS_DNSIP4ADDR, dnsIpv4),
    ...optional(NS_DNSIP6ADDR, dnsIpv6),
    ...commentOptions(comment),
  ];
}
