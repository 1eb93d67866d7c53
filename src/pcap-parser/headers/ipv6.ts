/** The fixed IPv6 header (RFC 8200); its extension headers are in ipv6-extensions.ts. */
import { formatIpv6Address } from "./address.ts";
import { type DecodedLayer, malformed, shortfall } from "./problem.ts";
import { uint8, uint16, uint32 } from "./read.ts";

export const IPV6_HEADER_LENGTH = 40;

/**
 * The fixed header of IPv6 (RFC 8200). `offset` is where it begins, in bytes within the packet. `flowLabel` and
 * `hopLimit` are as they were sent; `sourceAddress` and `destinationAddress` are in the canonical form of RFC 5952.
 */
export interface Ipv6Header {
  readonly offset: number;
  /** The octet of DSCP (upper six bits) and ECN (lower two bits). */
  readonly trafficClass: number;
  readonly flowLabel: number;
  /**
   * Bytes after the 40 of this header, as the header states them. They are 0 in a jumbogram (RFC 2675) and in a packet
   * that the kernel has not segmented yet.
   */
  readonly payloadLength: number;
  /**
   * The next header field of the fixed header. The protocol behind the extension headers is `protocol` of the decoded
   * packet.
   */
  readonly nextHeader: number;
  readonly hopLimit: number;
  readonly sourceAddress: string;
  readonly destinationAddress: string;
}

/** Decodes the IPv6 header at `offset`. There is no header unless all 40 bytes were captured and the version is 6. */
export function decodeIpv6(
  bytes: Uint8Array,
  offset: number,
  end = Number.POSITIVE_INFINITY,
): DecodedLayer<Ipv6Header> {
  const problem =
    shortfall("ipv6", bytes, offset, IPV6_HEADER_LENGTH, end) ??
    (uint8(bytes, offset) >> 4 === 6 ? undefined : malformed("ipv6", offset));
  if (problem !== undefined) return { header: undefined, next: offset, problem };

  const first = uint32(bytes, offset);
  const header = {
    offset,
    trafficClass: (first >>> 20) & 0xff,
    flowLabel: first & 0xfffff,
    payloadLength: uint16(bytes, offset + 4),
    nextHeader: uint8(bytes, offset + 6),
    hopLimit: uint8(bytes, offset + 7),
    sourceAddress: formatIpv6Address(bytes, offset + 8),
    destinationAddress: formatIpv6Address(bytes, offset + 24),
  };
  return { header, next: offset + IPV6_HEADER_LENGTH, problem: undefined };
}
