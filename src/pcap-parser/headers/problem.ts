/** Describes where and why decoding stopped. The decoders throw nothing, because a bad packet is a result and no error. */

export type DecodeLayer = "link" | "ethernet" | "arp" | "ipv4" | "ipv6" | "tcp" | "udp" | "icmp" | "sctp";

/** Where decoding stopped, and why. */
export interface DecodeProblem {
  /** The header that could not be decoded to its end. */
  readonly layer: DecodeLayer;
  /**
   * `truncated`: the bytes were not captured, as with a short snapshot length. `malformed`: the packet contradicts
   * itself. `unsupported`: the packet is of a link type that is not decoded.
   */
  readonly reason: "truncated" | "malformed" | "unsupported";
  /** Offset in bytes within the packet of the part that could not be read. */
  readonly offset: number;
}

/** The result of decoding one layer. `header` is missing where not even its fixed part was captured. */
export interface DecodedLayer<Header> {
  readonly header: Header | undefined;
  /** Offset of the first byte after the header. With a problem, it is the offset at which decoding stopped. */
  readonly next: number;
  readonly problem: DecodeProblem | undefined;
}

/**
 * Finds out whether `length` bytes from `offset` can be read.
 *
 * @param end the offset at which the packet ends by the enclosing header, or Infinity if no header says it. It may lie
 *   behind the captured bytes (a short snapshot length) or before their end (Ethernet padding)
 * @returns undefined if they can be read; otherwise whether the bytes were not captured or the packet is malformed
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
