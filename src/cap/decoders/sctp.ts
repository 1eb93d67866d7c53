import { Fields } from "./fields.ts";

/** The ports of an SCTP packet, and what npm's `cap` makes of the rest. */
export interface SctpResult {
  /** Its fields. */
  info: {
    srcport: number;
    dstport: number;
    /** Always undefined, as npm's `cap` has it. */
    verifyTag: undefined;
    /** The two bytes behind the ports, where npm's `cap` looks for the checksum. They belong to the verification tag. */
    checksum: number;
    /** What npm's `cap` takes for chunks: it looks for them right behind those two bytes. */
    chunks: { type: number; flags: number; offset: number; length: number }[] | undefined;
  };
  /** Where the last of what it takes for chunks ends, in bytes of the buffer. */
  offset: number;
}

/**
 * Decodes the ports of an SCTP packet (RFC 9260). The rest is what npm's `cap` makes of it, which is not what the RFC
 * says.
 *
 * @param nbytes where the packet ends in the buffer
 */
export function SCTP(buffer: Buffer, nbytes: number, bufOffset?: number): SctpResult {
  const fields = new Fields(buffer, bufOffset || 0);
  const srcport = fields.u16();
  const dstport = fields.u16();
  const checksum = fields.u16();
  const chunks = fields.offset < nbytes ? chunksOf(fields, nbytes) : undefined;
  return { info: { srcport, dstport, verifyTag: undefined, checksum, chunks }, offset: fields.offset };
}

function chunksOf(fields: Fields, end: number) {
  const chunks: SctpResult["info"]["chunks"] = [];
  while (fields.offset < end) {
    const type = fields.byte() as number;
    const flags = fields.byte() as number;
    const length = fields.u16();
    chunks.push({ type, flags, offset: fields.offset, length });
    fields.skip(length);
  }
  return chunks;
}
