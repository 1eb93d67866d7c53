import { Fields } from "./fields.ts";

/** A TCP header. */
export interface TcpResult {
  /** Its fields. */
  info: {
    srcport: number;
    dstport: number;
    seqno: number;
    /** Undefined without the flag ACK. */
    ackno: number | undefined;
    /** Nine bits, from NS (0x100) down to FIN (0x01). */
    flags: number;
    window: number;
    checksum: number;
    /** Undefined without the flag URG. */
    urgentptr: number | undefined;
    /** Always undefined: options are skipped. */
    options: undefined;
  };
  /** Bytes. */
  hdrlen: number;
  /** Where the payload starts, in bytes of the buffer. */
  offset: number;
}

const ACK = 0x10;
const URG = 0x20;

/** Decodes a TCP header (RFC 9293). */
export function TCP(buffer: Buffer, bufOffset?: number): TcpResult {
  const start = bufOffset || 0;
  const fields = new Fields(buffer, start);
  const srcport = fields.u16();
  const dstport = fields.u16();
  const seqno = fields.u32();
  const ackno = fields.u32();
  const first = Number(fields.byte());
  const flags = ((first & 1) << 8) + Number(fields.byte());
  const window = fields.u16();
  const checksum = fields.u16();
  const urgentptr = (flags & URG) === 0 ? undefined : fields.u16();
  const hdrlen = ((first & 0xf0) >> 4) * 4;
  return {
    info: {
      srcport,
      dstport,
      seqno,
      ackno: (flags & ACK) === 0 ? undefined : ackno,
      flags,
      window,
      checksum,
      urgentptr,
      options: undefined,
    },
    hdrlen,
    offset: start + hdrlen,
  };
}
