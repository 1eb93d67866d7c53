import { Fields } from "./fields.ts";

/** An IPv6 header and what follows it. */
export interface Ipv6Result {
  /** Its fields. */
  info: {
    class: number;
    flowLabel: number;
    /** Always undefined: extension headers are skipped. */
    extensions: undefined;
    /** The protocol behind the extension headers; undefined for "no next header". */
    protocol: number | undefined;
    hopLimit: number;
    /** Sixteen bytes as two hexadecimal digits each, with colons between them. */
    srcaddr: string;
    dstaddr: string;
    /** Bytes behind this header. */
    payloadlen: number;
  };
  /** Always undefined: see info.payloadlen. */
  payloadlen: undefined;
  /** Where the header of that protocol starts, in bytes of the buffer; undefined for "no next header". */
  offset: number | undefined;
}

/** Numbers of extension headers (https://www.iana.org/assignments/ipv6-parameters). */
const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const AUTHENTICATION = 51;
const NO_NEXT_HEADER = 59;
const DESTINATION_OPTIONS = 60;
const MOBILITY = 135;

/** Decodes an IPv6 header and skips its extension headers (RFC 8200). It stops at an encrypted payload (ESP). */
export function IPV6(buffer: Buffer, bufOffset?: number): Ipv6Result {
  const fields = new Fields(buffer, bufOffset || 0);
  const first = Number(fields.byte());
  const second = Number(fields.byte());
  const flowLabel = ((second & 0x0f) << 16) + fields.u16();
  const payloadlen = fields.u16();
  const nextHeader = fields.byte();
  const hopLimit = fields.byte() as number;
  const srcaddr = fields.hexadecimal(16);
  const dstaddr = fields.hexadecimal(16);
  const protocol = skipExtensions(fields, nextHeader);
  const isLast = protocol === NO_NEXT_HEADER;
  return {
    info: {
      class: ((first & 0x0f) << 4) + ((second & 0xf0) >> 4),
      flowLabel,
      extensions: undefined,
      protocol: isLast ? undefined : protocol,
      hopLimit,
      srcaddr,
      dstaddr,
      payloadlen,
    },
    payloadlen: undefined,
    offset: isLast ? undefined : fields.offset,
  };
}

/** @returns what follows the extension headers; undefined where the packet ends in one */
function skipExtensions(fields: Fields, nextHeader: number | undefined): number | undefined {
  for (let current = nextHeader; ; ) {
    const following = fields.peek();
    switch (current) {
      case HOP_BY_HOP:
      case ROUTING:
      case DESTINATION_OPTIONS:
      case MOBILITY:
        fields.skip(8 + 8 * Number(fields.bytes[fields.offset + 1]));
        break;
      case FRAGMENT:
        fields.skip(8);
        break;
      case AUTHENTICATION:
        // npm's `cap` takes the field for the length without its own two bytes. RFC 4302 subtracts two words from it.
        fields.skip(1 + 4 * Number(fields.bytes[fields.offset + 1]));
        break;
      default:
        return current;
    }
    current = following;
  }
}
