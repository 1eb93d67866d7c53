/** Name Resolution Block: draft-ietf-opsawg-pcapng, section 4.5. */

import { type BlockOptions, decodeText, padTo4 } from "../options.ts";
import type { RawBlock } from "../raw-block.ts";

export const NAME_RESOLUTION = 4;

const NS_DNS_NAME = 2;
const RECORDS = 8;
const FIXED_LENGTH = 4;
const RECORD_HEADER_LENGTH = 4;
const END_OF_RECORDS = 0;

interface RecordKind {
  readonly type: "ipv4" | "ipv6" | "eui48" | "eui64";
  readonly addressLength: number;
}

const RECORD_KINDS: ReadonlyMap<number, RecordKind> = new Map([
  [1, { type: "ipv4", addressLength: 4 }],
  [2, { type: "ipv6", addressLength: 16 }],
  [3, { type: "eui48", addressLength: 6 }],
  [4, { type: "eui64", addressLength: 8 }],
]);

/** Names of one address. */
export interface NameRecord {
  /** The type of the record as the file has it; 1 is IPv4. */
  readonly code: number;
  /** The kind of the address; "unknown" for a record that is not decoded. */
  readonly type: RecordKind["type"] | "unknown";
  /** The bytes of the address, which are none if the type is unknown. */
  readonly address: Uint8Array;
  /** Names as they are in the file, which escapeText() makes safe to print. */
  readonly names: readonly string[];
  /** Bytes of the address and the names as they are in the file. */
  readonly value: Uint8Array;
}

/** Names of addresses: draft-ietf-opsawg-pcapng, section 4.5. */
export interface NameResolutionBlock {
  readonly kind: "name-resolution";
  readonly raw: RawBlock;
  /** The records, decoded one by one during the iteration. */
  readonly records: Iterable<NameRecord>;
  readonly options: BlockOptions;
  /** The name of the server that gave the names, as it is in the file. escapeText() makes it safe to print. */
  readonly dnsName: string | undefined;
}

/** Reads the block. @throws CaptureFileError if a record does not fit into it */
export function readNameResolution(raw: RawBlock): NameResolutionBlock {
  raw.require("a name resolution block", FIXED_LENGTH);
  const end = checkRecords(raw);
  const options = raw.options(end);
  return {
    kind: "name-resolution",
    raw,
    records: { [Symbol.iterator]: () => iterateRecords(raw, end) },
    options,
    dnsName: options.text(NS_DNS_NAME),
  };
}

/** Checks that the records fit into the block. @returns the offset at which the options begin */
function checkRecords(raw: RawBlock): number {
  let at = RECORDS;
  while (at + RECORD_HEADER_LENGTH <= raw.bodyEnd) {
    const code = raw.uint16(at);
    const start = at + RECORD_HEADER_LENGTH;
    if (code === END_OF_RECORDS) return start;
    const length = raw.uint16(at + 2);
    if (start + length > raw.bodyEnd) {
      throw raw.corrupt(at + 2, `a name record of ${length} bytes does not fit its block`);
    }
    const kind = RECORD_KINDS.get(code);
    if (kind !== undefined) {
      if (length < kind.addressLength)
        throw raw.corrupt(at + 2, `a name record of ${length} bytes has no ${kind.type}`);
      const last = raw.bytes[start + length - 1];
      if (length > kind.addressLength && last !== 0) throw raw.corrupt(start, "a name that does not end with a zero");
    }
    at = start + padTo4(length);
  }
  return raw.bodyEnd;
}

function* iterateRecords(raw: RawBlock, end: number): Generator<NameRecord> {
  let at = RECORDS;
  while (at + RECORD_HEADER_LENGTH <= end) {
    const code = raw.uint16(at);
    if (code === END_OF_RECORDS) return;
    const start = at + RECORD_HEADER_LENGTH;
    const value = raw.bytes.subarray(start, start + raw.uint16(at + 2));
    const kind = RECORD_KINDS.get(code);
    const addressLength = kind?.addressLength ?? 0;
    yield {
      code,
      type: kind?.type ?? "unknown",
      address: value.subarray(0, addressLength),
      names: kind === undefined ? [] : splitNames(value.subarray(addressLength)),
      value,
    };
    at = start + padTo4(value.length);
  }
}

/** Splits bytes into names, each of which ends with a zero. */
function splitNames(bytes: Uint8Array): string[] {
  const names: string[] = [];
  let start = 0;
  while (start < bytes.length) {
    const zero = bytes.indexOf(0, start);
    const end = zero === -1 ? bytes.length : zero;
    if (end > start) names.push(decodeText(bytes.subarray(start, end)));
    start = end + 1;
  }
  return names;
}
