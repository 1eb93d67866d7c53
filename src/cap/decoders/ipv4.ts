import { Fields } from "./fields.ts";

/** An IPv4 header. */
export interface Ipv4Result {
  /** Its fields. */
  info: {
    /** Words of four bytes. */
    hdrlen: number;
    dscp: number;
    ecn: number;
    /** Bytes; where the header says 0, as with segmentation offload, all bytes of the buffer from the header on. */
    totallen: number;
    id: number;
    /** Three bits. */
    flags: number;
    /** Units of eight bytes. */
    fragoffset: number;
    ttl: number;
    protocol: number;
    hdrchecksum: number;
    srcaddr: string;
    dstaddr: string;
    /** Always undefined: options are skipped. */
    options: undefined;
  };
  /** Bytes. */
  hdrlen: number;
  /** Where the next header starts, in bytes of the buffer. */
  offset: number;
}

/** Decodes an IPv4 header (RFC 791). */
export function IPV4(buffer: Buffer, bufOffset?: number): Ipv4Result {
  const start = bufOffset || 0;
  const fields = new Fields(buffer, start);
  const words = Number(fields.byte()) & 0x0f;
  const trafficClass = Number(fields.byte());
  const totalLength = fields.u16();
  const id = fields.u16();
  const flagsAndOffset = Number(fields.byte());
  const fragoffset = ((flagsAndOffset & 0x1f) << 8) + Number(fields.byte());
  const ttl = fields.byte() as number;
  const protocol = fields.byte() as number;
  const hdrchecksum = fields.u16();
  const srcaddr = fields.dotted();
  const dstaddr = fields.dotted();
  const hdrlen = words * 4;
  const offset = start + hdrlen;
  return {
    info: {
      hdrlen: words,
      dscp: (trafficClass & 0xfc) >> 2,
      ecn: trafficClass & 0x03,
      totallen: totalLength === 0 ? buffer.length - offset + hdrlen : totalLength,
      id,
      flags: (flagsAndOffset & 0xe0) >> 5,
      fragoffset,
      ttl,
      protocol,
      hdrchecksum,
      srcaddr,
      dstaddr,
      options: undefined,
    },
    hdrlen,
    offset,
  };
}
