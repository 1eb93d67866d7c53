/** ICMP (RFC 792) and ICMPv6 (RFC 4443), which begin with the same eight bytes. */
import { type DecodedLayer, shortfall } from "./problem.ts";
import { uint8, uint16, uint32 } from "./read.ts";

const CHECKED_LENGTH = 4;
const HEADER_LENGTH = 8;

const ECHO_TYPES = { 4: [0, 8], 6: [128, 129] } as const;

/**
 * The header of ICMP or ICMPv6. `offset` is where it begins, in bytes within the packet; `type`, `code` and `checksum`
 * are as they were sent.
 */
export interface IcmpHeader {
  readonly offset: number;
  /** 4 for ICMP, 6 for ICMPv6. */
  readonly version: 4 | 6;
  readonly type: number;
  readonly code: number;
  readonly checksum: number;
  /**
   * Bytes 4 to 7, whose meaning depends on the type: an MTU, a pointer, a gateway. It is undefined when they were not
   * captured.
   */
  readonly restOfHeader: number | undefined;
  /** The fields of an echo request or reply; undefined for other types. */
  readonly echo: { readonly identifier: number; readonly sequenceNumber: number } | undefined;
}

/** Decodes the ICMP header at `offset`. Type and code are there even when not all eight bytes were captured. */
export function decodeIcmp(
  bytes: Uint8Array,
  offset: number,
  version: 4 | 6,
  end = Number.POSITIVE_INFINITY,
): DecodedLayer<IcmpHeader> {
  const short = shortfall("icmp", bytes, offset, CHECKED_LENGTH, end);
  if (short !== undefined) return { header: undefined, next: offset, problem: short };

  const problem = shortfall("icmp", bytes, offset, HEADER_LENGTH, end);
  const isWhole = problem === undefined;
  const type = uint8(bytes, offset);
  const isEcho = isWhole && ECHO_TYPES[version].some((echoType) => echoType === type);
  const header = {
    offset,
    version,
    type,
    code: uint8(bytes, offset + 1),
    checksum: uint16(bytes, offset + 2),
    restOfHeader: isWhole ? uint32(bytes, offset + 4) : undefined,
    echo: isEcho ? { identifier: uint16(bytes, offset + 4), sequenceNumber: uint16(bytes, offset + 6) } : undefined,
  };
  return { header, next: offset + (isWhole ? HEADER_LENGTH : CHECKED_LENGTH), problem };
}
