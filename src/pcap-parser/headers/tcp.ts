/** TCP (RFC 9293). */
import { type DecodedLayer, type DecodeProblem, malformed, shortfall } from "./problem.ts";
import { uint8, uint16, uint32 } from "./read.ts";
import { decodeTcpOptions, type TcpOption } from "./tcp-options.ts";

const FIXED_LENGTH = 20;

/** The bits of `TcpHeader.flags`. `ae` is the accurate ECN bit (RFC 9768), which RFC 3540 called NS. */
export const TCP_FLAGS = {
  fin: 0x001,
  syn: 0x002,
  rst: 0x004,
  psh: 0x008,
  ack: 0x010,
  urg: 0x020,
  ece: 0x040,
  cwr: 0x080,
  ae: 0x100,
} as const;

/**
 * The header of TCP (RFC 9293). `offset` is where it begins, in bytes within the packet; `sourcePort`,
 * `destinationPort`, `sequenceNumber`, `acknowledgementNumber`, `checksum` and `urgentPointer` are as they were sent.
 */
export interface TcpHeader {
  readonly offset: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequenceNumber: number;
  readonly acknowledgementNumber: number;
  /** Bytes of the header as it states them. A header with less than 20 is malformed. */
  readonly headerLength: number;
  /** The twelve bits after the data offset: see `TCP_FLAGS`. */
  readonly flags: number;
  /** The window field as it was sent, without the window scale option applied. */
  readonly window: number;
  readonly checksum: number;
  readonly urgentPointer: number;
  /** The options up to the first that could not be read. */
  readonly options: readonly TcpOption[];
}

/** Decodes the TCP header at `offset`. There is no header unless its 20 fixed bytes were captured. */
export function decodeTcp(bytes: Uint8Array, offset: number, end = Number.POSITIVE_INFINITY): DecodedLayer<TcpHeader> {
  const short = shortfall("tcp", bytes, offset, FIXED_LENGTH, end);
  if (short !== undefined) return { header: undefined, next: offset, problem: short };

  const headerLength = (uint8(bytes, offset + 12) >> 4) * 4;
  const options: TcpOption[] = [];
  let problem: DecodeProblem | undefined;
  if (headerLength < FIXED_LENGTH || offset + headerLength > end) problem = malformed("tcp", offset + 12);
  else problem = decodeTcpOptions(bytes, offset + FIXED_LENGTH, offset + headerLength, options);

  const header = {
    offset,
    sourcePort: uint16(bytes, offset),
    destinationPort: uint16(bytes, offset + 2),
    sequenceNumber: uint32(bytes, offset + 4),
    acknowledgementNumber: uint32(bytes, offset + 8),
    headerLength,
    flags: uint16(bytes, offset + 12) & 0xfff,
    window: uint16(bytes, offset + 14),
    checksum: uint16(bytes, offset + 16),
    urgentPointer: uint16(bytes, offset + 18),
    options,
  };
  const isLengthBad = problem?.offset === offset + 12;
  return { header, next: isLengthBad ? offset + FIXED_LENGTH : offset + headerLength, problem };
}
