import { Fields } from "./fields.ts";

/** An Ethernet header. */
export interface EthernetResult {
  /** Its fields. */
  info: {
    /** Two hexadecimal digits a byte, with colons between them. */
    dstmac: string;
    /** Likewise. */
    srcmac: string;
    /** The EtherType, from 1536 on. */
    type: number | undefined;
    /** The 802.1Q tag. `priority` is 0 whatever the tag says, as npm's `cap` has it. */
    vlan: { priority: number; CFI: boolean; VID: number } | undefined;
    /** The length of an 802.3 frame, up to 1500 bytes. */
    length: number | undefined;
  };
  /** Where the next header starts, in bytes of the buffer. */
  offset: number;
}

const VLAN_TAG = 0x8100;
const LENGTH_MAX = 1500;
const TYPE_MIN = 1536;

/** Decodes an Ethernet header with one 802.1Q tag at most (IEEE 802.3). */
export function Ethernet(buffer: Buffer, bufOffset?: number): EthernetResult {
  const fields = new Fields(buffer, bufOffset || 0);
  const dstmac = fields.hexadecimal(6);
  const srcmac = fields.hexadecimal(6);
  let vlan: EthernetResult["info"]["vlan"];
  if (buffer[fields.offset] === VLAN_TAG >> 8 && buffer[fields.offset + 1] === (VLAN_TAG & 0xff)) {
    fields.skip(2);
    const first = fields.byte() ?? 0;
    vlan = { priority: 0, CFI: (first & 0x10) !== 0, VID: ((first & 0x0f) << 8) + Number(fields.byte()) };
  }
  const typeOrLength = fields.u16();
  return {
    info: {
      dstmac,
      srcmac,
      type: typeOrLength >= TYPE_MIN ? typeOrLength : undefined,
      vlan,
      length: typeOrLength <= LENGTH_MAX ? typeOrLength : undefined,
    },
    offset: fields.offset,
  };
}
