import { Fields } from "./fields.ts";

/** A UDP header. */
export interface UdpResult {
  /** Its fields. */
  info: {
    srcport: number;
    dstport: number;
    /** Bytes behind the header. */
    length: number;
    checksum: number;
  };
  /** Where the payload starts, in bytes of the buffer. */
  offset: number;
}

const HEADER_LENGTH = 8;

/** Decodes a UDP header (RFC 768). */
export function UDP(buffer: Buffer, bufOffset?: number): UdpResult {
  const fields = new Fields(buffer, bufOffset || 0);
  const info = {
    srcport: fields.u16(),
    dstport: fields.u16(),
    length: fields.u16() - HEADER_LENGTH,
    checksum: fields.u16(),
  };
  return { info, offset: fields.offset };
}
