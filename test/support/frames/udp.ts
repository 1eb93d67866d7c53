import { type Bytes, concatenate, u16 } from "./bytes.ts";
import { protocols, type Segment, withTransportChecksum } from "./segment.ts";

export interface UdpOptions {
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly payload?: Bytes;
}

/** A UDP datagram (RFC 768). */
export function udp({ sourcePort = 49152, destinationPort = 80, payload = [] }: UdpOptions = {}): Segment {
  const datagram = concatenate(u16(sourcePort), u16(destinationPort), u16(8 + payload.length), u16(0), payload);
  return {
    protocol: protocols.udp,
    build: (addresses) => withTransportChecksum(protocols.udp, addresses, datagram, 6),
  };
}
