/** Where and why decoding stopped. Nothing here throws: a bad packet is a result, not an exception. */

export type DecodeLayer = "link" | "ethernet" | "arp" | "ipv4" | "ipv6" | "tcp" | "udp" | "icmp" | "sctp";

export interface DecodeProblem {
  /** The header that could not be decoded to its end. */
  readonly layer: DecodeLayer;
  /**
   * `truncated`: the bytes were not captured, as a snapshot length does. `malformed`: the packet contradicts itself.
   * `unsupported`: a link type that is not decoded.
   */
  readonly reason: "truncated" | "malformed" | "unsupported";
  /** Byte offset within the packet of the part that could not be read. */
  readonly offset: number;
}

/** What one layer yields. Without `header` not even its fixed part was there. */
export interface DecodedLayer<Header> {
  readonly header: Header | undefined;
  /** Offset of the first byte after the header; with a problem, where decoding stopped. */
  readonly next: number;
  readonly problem: DecodeProblem | undefined;
}

/**
 * Whether `length` bytes from `offset` can be read, and if not, whose fault it is.
 *
 * @param end where the enclosing header says that the packet ends: Infinity if no header says it. It may lie behind the
 *   captured bytes (a snapshot) or before their end (Ethernet padding).
 */
export function shortfall(
  layer: DecodeLayer,
  bytes: Uint8Array,
  offset: number,
  length: number,
  end: number,
): DecodeProblem | undefined {
  if (offset + length > end) return { layer, reason: "malformed", offset };
  if (offset + length > bytes.length) return { layer, reason: "truncated", offset };
  return undefined;
}

export function malformed(layer: DecodeLayer, offset: number): DecodeProblem {
  return { layer, reason: "malformed", offset };
}
