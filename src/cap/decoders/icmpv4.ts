import { Fields } from "./fields.ts";
import { IPV4, type Ipv4Result } from "./ipv4.ts";

/** The fields of a message. Which of them it has depends on its type (RFC 792, RFC 950, RFC 1256, RFC 1393). */
export interface IcmpInfo {
  /** The kind of message: 3 says that the destination cannot be reached. */
  type: number;
  /** What the type leaves open. */
  code: number;
  /** The Internet checksum of the message. */
  checksum: number;
  /** By which a reply belongs to its request. */
  identifier?: number;
  /** The number of the request among those with the same identifier. */
  seqno?: number;
  /** Bytes of the longest packet that the next link takes. */
  nextHopMTU?: number;
  /** The router that is the better one. */
  gatewayAddr?: string;
  /** The place of the problem, in bytes of the packet that has it. */
  pointer?: number;
  /** The header of the packet that the message is about. */
  IPHeader?: Pick<Ipv4Result, "info" | "hdrlen">;
  /** Where the bytes of that packet behind its header start, in bytes of the buffer. */
  dataOffset?: number;
  /** Seconds for which the routers may be used. */
  lifetime?: number;
  /** As many empty places as there are routers, and then the routers, as npm's `cap` has it. */
  addrs?: { addr: string; pref: number }[] | undefined;
  /** When the request was sent, in milliseconds since midnight UTC. */
  originate?: number;
  /** When it arrived, likewise. */
  receive?: number;
  /** When the reply was sent, likewise. */
  transmit?: number;
  /** The mask of the subnet. */
  mask?: string;
  /** The number of routers on the way there. */
  outHopCount?: number;
  /** The number of routers on the way back. */
  retHopCount?: number;
  /** Bytes a second of the link on the way there. */
  outLnkSpeed?: number;
  /** Bytes of the longest packet on that link. */
  outLnkMTU?: number;
}

/** An ICMP message. */
export interface Icmpv4Result {
  /** Its fields. */
  info: IcmpInfo;
  /** Where what was decoded of it ends, in bytes of the buffer. */
  offset: number;
}

const QUOTED_BYTES = 8;
const QUOTED_BYTES_OF_CONVERSION = 256;

/** Decodes an ICMP message of IPv4. @param _nbytes is not used */
export function ICMPV4(buffer: Buffer, _nbytes?: number, bufOffset?: number): Icmpv4Result {
  const fields = new Fields(buffer, bufOffset || 0);
  const type = fields.byte() as number;
  const code = fields.byte() as number;
  const checksum = fields.u16();
  const rest = restOf(fields, type, code);
  return { info: { type, code, checksum, ...rest }, offset: fields.offset };
}

function restOf(fields: Fields, type: number, code: number): Partial<IcmpInfo> | undefined {
  switch (type) {
    case 0: // Echo reply
    case 15: // Information request
    case 16: // Information reply
    case 37: // Domain name request
      return identifierOf(fields);
    case 3: // Destination unreachable
    case 4: // Source quench
    case 11: // Time exceeded
      fields.skip(type === 3 && code === 4 ? 2 : 4);
      return type === 3 && code === 4 ? { nextHopMTU: fields.u16(), ...quoted(fields) } : quoted(fields);
    case 5: // Redirect
      return { gatewayAddr: fields.dotted(), ...quoted(fields) };
    case 9: // Router advertisement
      return routersOf(fields);
    case 12: // Parameter problem
    case 31: // Conversion error
    case 40: // Security failure
      return problemOf(fields, type);
    case 13: // Timestamp
      return { ...identifierOf(fields), originate: fields.u32() };
    case 14: // Timestamp reply
      return { ...identifierOf(fields), originate: fields.u32(), receive: fields.u32(), transmit: fields.u32() };
    case 17: // Address mask request
    case 18: // Address mask reply
      return { ...identifierOf(fields), mask: fields.dotted() };
    case 30: // Traceroute
      return tracerouteOf(fields);
    default:
      fields.skip(4);
      return undefined;
  }
}

function identifierOf(fields: Fields) {
  return { identifier: fields.u16(), seqno: fields.u16() };
}

/** The header of the packet that the message is about. What is quoted of its payload is skipped. */
function quoted(fields: Fields, payload = QUOTED_BYTES) {
  const { info, hdrlen, offset } = IPV4(fields.bytes, fields.offset);
  fields.offset = offset + payload;
  return { IPHeader: { info, hdrlen }, dataOffset: offset };
}

function problemOf(fields: Fields, type: number) {
  if (type === 31) return { pointer: fields.u32(), ...quoted(fields, QUOTED_BYTES_OF_CONVERSION) };
  if (type === 40) {
    fields.skip(2);
    return { pointer: fields.u16(), ...quoted(fields) };
  }
  const pointer = fields.byte() as number;
  fields.skip(3);
  return { pointer, ...quoted(fields) };
}

function routersOf(fields: Fields) {
  const count = fields.byte() ?? 0;
  const entrySize = fields.byte();
  const lifetime = fields.u16();
  if (count === 0 || entrySize !== 2) return { lifetime, addrs: undefined };
  const addrs = new Array<{ addr: string; pref: number }>(count);
  for (let i = 0; i < count; i++) {
    const addr = fields.dotted();
    addrs.push({ addr, pref: fields.bytes.readInt32BE(fields.offset) });
    fields.skip(4);
  }
  return { lifetime, addrs };
}

function tracerouteOf(fields: Fields) {
  const identifier = fields.u16();
  fields.skip(2);
  const outHopCount = fields.u16();
  return { identifier, outHopCount, retHopCount: fields.u32(), outLnkSpeed: fields.u32(), outLnkMTU: fields.u32() };
}
