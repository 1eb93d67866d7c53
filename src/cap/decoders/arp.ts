import { Fields } from "./fields.ts";

/** An ARP packet. */
export interface ArpResult {
  /** Its fields. */
  info: {
    /** The type of the hardware: 1 is Ethernet. */
    hardwareaddr: number;
    /** The EtherType of the protocol whose addresses these are. */
    protocol: number;
    /** Bytes of a hardware address. */
    hdrlen: number;
    /** Bytes of a protocol address. */
    protlen: number;
    /** 1 is a request, 2 a reply. */
    opcode: number;
    /** The addresses are empty unless they are those of Ethernet and IPv4. */
    sendermac: string;
    senderip: string;
    targetmac: string;
    targetip: string;
  };
  /** Where the packet ends, in bytes of the buffer. */
  offset: number;
}

/** Decodes an ARP packet (RFC 826). */
export function ARP(buffer: Buffer, bufOffset?: number): ArpResult {
  const fields = new Fields(buffer, bufOffset || 0);
  const hardwareaddr = fields.u16();
  const protocol = fields.u16();
  const hdrlen = buffer.readInt8(fields.offset);
  const protlen = buffer.readInt8(fields.offset + 1);
  fields.skip(2);
  const opcode = fields.u16();
  const info = {
    hardwareaddr,
    protocol,
    hdrlen,
    protlen,
    opcode,
    sendermac: "",
    senderip: "",
    targetmac: "",
    targetip: "",
  };
  if (hdrlen === 6 && protlen === 4) {
    info.sendermac = fields.hexadecimal(6);
    info.senderip = fields.dotted();
    info.targetmac = fields.hexadecimal(6);
    info.targetip = fields.dotted();
  }
  return { info, offset: fields.offset };
}
