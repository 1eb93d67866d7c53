/** SCTP (RFC 9260): the common header and the headers of the chunks. */
import { type DecodedLayer, type DecodeProblem, malformed, shortfall } from "./problem.ts";
import { uint8, uint16, uint32 } from "./read.ts";

const COMMON_LENGTH = 12;
const CHUNK_HEADER_LENGTH = 4;

/**
 * The header of a chunk. `offset` is where it begins, in bytes within the packet; `type` and `flags` are as they were
 * sent.
 */
export interface SctpChunk {
  readonly offset: number;
  readonly type: number;
  readonly flags: number;
  /** Bytes of the chunk with its header and without its padding. */
  readonly length: number;
}

/**
 * The common header of SCTP (RFC 9260) and the chunks. `offset` is where it begins, in bytes within the packet;
 * `sourcePort`, `destinationPort`, `verificationTag` and `checksum` are as they were sent.
 */
export interface SctpHeader {
  readonly offset: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly verificationTag: number;
  readonly checksum: number;
  /** The chunks whose headers were captured. */
  readonly chunks: readonly SctpChunk[];
}

/** Decodes the SCTP header at `offset` and the chunks behind it. `next` is the offset of the first chunk. */
export function decodeSctp(
  bytes: Uint8Array,
  offset: number,
  end = Number.POSITIVE_INFINITY,
): DecodedLayer<SctpHeader> {
  const short = shortfall("sctp", bytes, offset, COMMON_LENGTH, end);
  if (short !== undefined) return { header: undefined, next: offset, problem: short };

  const next = offset + COMMON_LENGTH;
  const chunks: SctpChunk[] = [];
  const problem = collectChunks(bytes, next, end, chunks);
  const header = {
    offset,
    sourcePort: uint16(bytes, offset),
    destinationPort: uint16(bytes, offset + 2),
    verificationTag: uint32(bytes, offset + 4),
    checksum: uint32(bytes, offset + 8),
    chunks,
  };
  return { header, next, problem };
}

function collectChunks(bytes: Uint8Array, start: number, end: number, chunks: SctpChunk[]): DecodeProblem | undefined {
  // Where no IP header says where the packet ends, it ends with the captured bytes.
  const last = Number.isFinite(end) ? end : bytes.length;
  let at = start;
  while (at < last) {
    const short = shortfall("sctp", bytes, at, CHUNK_HEADER_LENGTH, last);
    if (short !== undefined) return short;
    const length = uint16(bytes, at + 2);
    if (length < CHUNK_HEADER_LENGTH || at + length > last) return malformed("sctp", at + 2);
    chunks.push({ offset: at, type: uint8(bytes, at), flags: uint8(bytes, at + 1), length });
    // Chunks are padded to four bytes, and the padding is not part of the length.
    at += (length + 3) & ~3;
  }
  return undefined;
}
