import { type Bytes, concatenate, internetChecksum, u16, u32, withU16 } from "./bytes.ts";
import { protocols, type Segment, withTransportChecksum } from "./segment.ts";

export interface IcmpOptions {
  readonly type?: number;
  readonly code?: number;
  /** The second 32-bit word: identifier and sequence number of an echo, unused in most errors. */
  readonly rest?: number;
  readonly payload?: Bytes;
}

/** An ICMP message (RFC 792), by default an echo request. */
export function icmp({ type = 8, code = 0, rest = 0, payload = [] }: IcmpOptions = {}): Segment {
  const message = concatenate([type, code], u16(0), u32(rest), payload);
  const complete = withU16(message, 2, internetChecksum(message));
  return { protocol: protocols.icmp, build: () => complete };
}

/** An ICMPv6 message (RFC 4443), by default an echo request. */
export function icmp6({ type = 128, code = 0, rest = 0, payload = [] }: IcmpOptions = {}): Segment {
  const message = concatenate([type, code], u16(0), u32(rest), payload);
  return {
    protocol: protocols.icmp6,
    build: (addresses) => withTransportChecksum(protocols.icmp6, addresses, message, 2),
  };
}
