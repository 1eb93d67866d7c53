import { type Bytes, concatenate, crc32c, padTo, u16, u32 } from "./bytes.ts";
import { protocols, type Segment } from "./segment.ts";

export interface SctpOptions {
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** Zero in a packet with an INIT chunk. */
  readonly verificationTag?: number;
  readonly chunks?: readonly Bytes[];
}

/** An SCTP packet (RFC 9260), by default one with an INIT chunk. */
export function sctp(options: SctpOptions = {}): Segment {
  const { sourcePort = 49152, destinationPort = 80, verificationTag = 0, chunks = [sctpInit()] } = options;
  const packet = concatenate(u16(sourcePort), u16(destinationPort), u32(verificationTag), u32(0), ...chunks);
  // Unlike the Internet checksum it covers no address, and its bytes stand in the order of the CRC register.
  new DataView(packet.buffer).setUint32(8, crc32c(packet), true);
  return { protocol: protocols.sctp, build: () => packet };
}

/** An INIT chunk (RFC 9260, 3.3.2). */
export function sctpInit(initiateTag = 1): Uint8Array {
  const value = concatenate(u32(initiateTag), u32(65_536), u16(1), u16(1), u32(initiateTag));
  return sctpChunk(1, 0, value);
}

export function sctpChunk(type: number, flags: number, value: Bytes): Uint8Array {
  return padTo(4, concatenate([type, flags], u16(4 + value.length), value));
}
