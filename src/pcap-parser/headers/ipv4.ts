/** IPv4 (RFC 791). */
import { formatIpv4Address } from "./address.ts";
import { type DecodedLayer, type DecodeProblem, malformed, shortfall } from "./problem.ts";
import { uint8, uint16 } from "./read.ts";

const FIXED_LENGTH = 20;
const OPTION_END = 0;
const OPTION_NO_OPERATION = 1;

/** An option of IPv4. */
export interface Ipv4Option {
  /** The whole type octet of the option: 148 is Router Alert. */
  readonly type: number;
  /** The bytes of the option that follow its type and length. */
  readonly data: Uint8Array;
}

/**
 * The header of IPv4 (RFC 791). `offset` is where it begins, in bytes within the packet. `identification`,
 * `reservedFlag`, `dontFragment`, `moreFragments`, `timeToLive`, `protocol` and `checksum` are as they were sent;
 * `sourceAddress` and `destinationAddress` are dotted decimal.
 */
export interface Ipv4Header {
  readonly offset: number;
  /** Bytes of the header as it states them. A header with less than 20 is malformed. */
  readonly headerLength: number;
  /** The octet of DSCP (upper six bits) and ECN (lower two). */
  readonly typeOfService: number;
  /**
   * Bytes of header and payload as the header states them. The kernel writes 0 into a packet above 64 KiB that is not
   * segmented yet; such a packet is taken to reach to the end of the frame.
   */
  readonly totalLength: number;
  readonly identification: number;
  readonly reservedFlag: boolean;
  readonly dontFragment: boolean;
  readonly moreFragments: boolean;
  /** Bytes of the original payload before this fragment: the header's field multiplied by 8. */
  readonly fragmentOffset: number;
  readonly timeToLive: number;
  readonly protocol: number;
  readonly checksum: number;
  readonly sourceAddress: string;
  readonly destinationAddress: string;
  readonly options: readonly Ipv4Option[];
}

/**
 * Decodes the IPv4 header at `offset`. A header of another version than 4 is not returned. A header with a wrong length
 * is returned together with a problem, so that it can be shown.
 */
export function decodeIpv4(
  bytes: Uint8Array,
  offset: number,
  end = Number.POSITIVE_INFINITY,
): DecodedLayer<Ipv4Header> {
  const isOtherVersion = offset < Math.min(bytes.length, end) && uint8(bytes, offset) >> 4 !== 4;
  const unusable = isOtherVersion ? malformed("ipv4", offset) : shortfall("ipv4", bytes, offset, FIXED_LENGTH, end);
  if (unusable !== undefined) return { header: undefined, next: offset, problem: unusable };

  const headerLength = (uint8(bytes, offset) & 0x0f) * 4;
  const totalLength = uint16(bytes, offset + 2);
  let problem: DecodeProblem | undefined;
  if (headerLength < FIXED_LENGTH) problem = malformed("ipv4", offset);
  else if (totalLength !== 0 && totalLength < headerLength) problem = malformed("ipv4", offset + 2);
  else problem = shortfall("ipv4", bytes, offset + FIXED_LENGTH, headerLength - FIXED_LENGTH, end);

  const options: Ipv4Option[] = [];
  if (problem === undefined && headerLength > FIXED_LENGTH) {
    collectOptions(bytes, offset + FIXED_LENGTH, offset + headerLength, options);
  }
  const fragment = uint16(bytes, offset + 6);
  const header = {
    offset,
    headerLength,
    typeOfService: uint8(bytes, offset + 1),
    totalLength,
    identification: uint16(bytes, offset + 4),
    reservedFlag: (fragment & 0x8000) !== 0,
    dontFragment: (fragment & 0x4000) !== 0,
    moreFragments: (fragment & 0x2000) !== 0,
    fragmentOffset: (fragment & 0x1fff) * 8,
    timeToLive: uint8(bytes, offset + 8),
    protocol: uint8(bytes, offset + 9),
    checksum: uint16(bytes, offset + 10),
    sourceAddress: formatIpv4Address(bytes, offset + 12),
    destinationAddress: formatIpv4Address(bytes, offset + 16),
    options,
  };
  return { header, next: problem === undefined ? offset + headerLength : offset, problem };
}

/**
 * Collects the options up to the first bad one. The payload is found all the same, because its place does not depend on
 * the options.
 */
function collectOptions(bytes: Uint8Array, start: number, end: number, options: Ipv4Option[]): void {
  let at = start;
  while (at < end) {
    const type = uint8(bytes, at);
    if (type === OPTION_END || type === OPTION_NO_OPERATION) {
      options.push({ type, data: bytes.subarray(at + 1, at + 1) });
      if (type === OPTION_END) return;
      at += 1;
      continue;
    }
    const length = at + 1 < end ? uint8(bytes, at + 1) : 0;
    if (length < 2 || at + length > end) return;
    options.push({ type, data: bytes.subarray(at + 2, at + length) });
    at += length;
  }
}
