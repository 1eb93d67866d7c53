import { type Bytes, concatenate, padTo, u16, u32 } from "./bytes.ts";
import { protocols, type Segment, withTransportChecksum } from "./segment.ts";

const flagBits = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10, urg: 0x20, ece: 0x40, cwr: 0x80 } as const;

export type TcpFlag = keyof typeof flagBits;

export interface TcpOptions {
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly sequence?: number;
  readonly acknowledgment?: number;
  /** Default: SYN alone. */
  readonly flags?: readonly TcpFlag[];
  readonly window?: number;
  readonly urgentPointer?: number;
  /** Header options (see tcpOption), padded with zeros to a multiple of 4 bytes. */
  readonly options?: Bytes;
  readonly payload?: Bytes;
}

/** A TCP segment (RFC 9293), by default a SYN to port 80. */
export function tcp(options: TcpOptions = {}): Segment {
  const { sourcePort = 49152, destinationPort = 80, sequence = 0, acknowledgment = 0, flags = ["syn"] } = options;
  const { window = 64240, urgentPointer = 0, payload = [] } = options;
  const headerOptions = padTo(4, options.options ?? []);
  const flagByte = flags.reduce((byte, flag) => byte | flagBits[flag], 0);
  const segment = concatenate(
    u16(sourcePort),
    u16(destinationPort),
    u32(sequence),
    u32(acknowledgment),
    [(5 + headerOptions.length / 4) << 4, flagByte],
    u16(window),
    u16(0),
    u16(urgentPointer),
    headerOptions,
    payload,
  );
  return {
    protocol: protocols.tcp,
    build: (addresses) => withTransportChecksum(protocols.tcp, addresses, segment, 16),
  };
}

/** Options of RFC 9293, RFC 7323 and RFC 2018. */
export const tcpOption = {
  noOperation: [1] as readonly number[],
  maximumSegmentSize: (size: number): readonly number[] => [2, 4, ...u16(size)],
  windowScale: (shift: number): readonly number[] => [3, 3, shift],
  selectiveAcknowledgmentPermitted: [4, 2] as readonly number[],
  timestamps: (value: number, echo = 0): readonly number[] => [8, 10, ...u32(value), ...u32(echo)],
};
